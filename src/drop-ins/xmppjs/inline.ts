/**
 * SASL2 and BIND2 of xmpp.js (I-5): what the session wants to ask goes into the request that xmpp.js makes, and the session hears
 * of the answer first.
 */
import { SM_3 } from '../../client.js';
import { receiveSuccess } from '../../session/sasl2.js';
import { BIND_2, type Element, ownElement, readSuccess, SASL_2 } from '../../xml.js';
import type { Entity } from './entity.js';
import type { Sessions } from './sessions.js';
import type { XmppStream } from './stream.js';

/** Takes the places of xmpp.js' own module, which asks for nothing any more. */
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

/** xmpp.js takes its time over a request, and its connection may be another by then: what it carries belongs to one link. */
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
  // A resumed session keeps its full JID, whichever one is written here.
  if (sessions.current.status === 'enabled' && !stream.isBound) success.remove('authorization-identifier', SASL_2);
};
