/**
 * SASL2 and BIND2 of xmpp.js (I-5): this file puts the requests of the session into the request of xmpp.js, and gives the answer
 * to the session before xmpp.js gets it.
 */
import { SM_3 } from '../../client.js';
import { receiveSuccess } from '../../session/sasl2.js';
import { BIND_2, type Element, ownElement, readSuccess, SASL_2 } from '../../xml.js';
import type { Entity } from './entity.js';
import type { Sessions } from './sessions.js';
import type { XmppStream } from './stream.js';

/** Replaces the hooks of xmpp.js' own module, which then makes no requests. */
export const askInline = (entity: Entity, sessions: Sessions): void => {
  const give = (name: 'enable' | 'resume'): Element | undefined => {
    const { stream } = sessions;
    const xml = stream?.carried[name];
    if (stream === undefined || xml === undefined) return undefined;
    const element = ownElement(xml);
    stream.given = { ...stream.given, [name]: element };
    return element;
  };
  entity.sasl2?.use(
    SM_3,
    () => give('resume'),
    () => {},
  );
  entity.bind2?.use(
    SM_3,
    () => give('enable'),
    () => {},
  );
};

/** Carried elements belong to one link: xmpp.js makes a request asynchronously, and may have another connection by then. */
export const isForAnotherStream = (element: Element, stream: XmppStream | undefined): boolean => {
  if (!element.is('authenticate', SASL_2)) return false;
  const resume = element.getChild('resume', SM_3) ?? undefined;
  const enable = element.getChild('bind', BIND_2)?.getChild('enable', SM_3) ?? undefined;
  return resume !== stream?.given.resume || enable !== stream?.given.enable;
};

/** The answer, which xmpp.js gets to see next. @returns the bare JID */
export const hearSuccess = (success: Element, sessions: Sessions, stream: XmppStream, owner: string): void => {
  const { handle, given, carried } = stream;
  if (handle === undefined) return;
  stream.isBound = readSuccess(success).bound !== undefined;
  const asked = { resume: given.resume && carried.resume, enable: given.enable && carried.enable };
  receiveSuccess(success, asked, owner, sessions.current, handle);
  // A resumed session keeps its full JID, even if this answer has another JID.
  if (sessions.current.status === 'enabled' && !stream.isBound) success.remove('authorization-identifier', SASL_2);
};
