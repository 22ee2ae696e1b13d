/** The other side of a running session, in a test: a stream that writes down what it gets, and elements as a parser gives them. */
import { isRight } from '../../src/index.js';
import type { ClientSession } from '../../src/session/client-session.js';
import type { LinkHandle, OutgoingStanza, Stream } from '../../src/session/running-session.js';
import type { ServerSession } from '../../src/session/server-session.js';
import { type Element, parseElement } from '../../src/xml.js';

export interface RecordingStream extends Required<Stream> {
  /** What was written, and what else was done: 'closed', 'destroyed', 'paused', 'resumed', and 'carry' with its XML. */
  readonly written: string[];
}

export const recordingStream = (): RecordingStream => {
  const written: string[] = [];
  return {
    written,
    write: (xml) => written.push(xml),
    carry: (xml) => written.push(`carry ${xml}`),
    close: () => written.push('closed'),
    destroy: () => written.push('destroyed'),
    pause: () => written.push('paused'),
    resume: () => written.push('resumed'),
  };
};

export const element = (xml: string): Element => {
  const parsed = parseElement(xml);
  if (isRight(parsed)) return parsed.right;
  throw new Error(parsed.left.text);
};

export const message = (key: string): OutgoingStanza => ({
  xml: `<message id='${key}'/>`,
  kind: 'message',
  type: '',
  key,
});

export const ROMEO = 'romeo@example.net';
export const INCOMING = "<message xmlns='jabber:client'/>";
export const ENABLED = "<enabled xmlns='urn:xmpp:sm:3' resume='true' id='secret-id' max='60'/>";

/** A resumable client on its first connection. */
export const enabledClient = (
  session: ClientSession,
): { readonly stream: RecordingStream; readonly link: LinkHandle } => {
  const stream = recordingStream();
  const link = session.attach(stream);
  session.authenticated(ROMEO);
  session.bound();
  session.enable();
  link.receive(element(ENABLED));
  return { stream, link };
};

/** A server's session on its connection, resumable once the store has answered. */
export const enabledServer = async (
  session: ServerSession,
): Promise<{ readonly stream: RecordingStream; readonly link: LinkHandle }> => {
  const stream = recordingStream();
  const link = session.attach(stream);
  session.authenticated(ROMEO);
  session.bound();
  link.receive(element("<enable xmlns='urn:xmpp:sm:3' resume='true'/>"));
  await storeAnswers();
  return { stream, link };
};

/** A store in memory answers within these turns of the microtask queue. */
export const storeAnswers = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await undefined;
};
