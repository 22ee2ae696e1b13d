/** One end of a pair's link: its parser, the session's handle, and the answer to a login under way. They all end with the link. */

import type { Transport, TransportListener } from '../ports/index.js';
import type { LinkHandle, RunningSession, Stream } from '../session/running-session.js';
import { answerInline, type Carried, type InlineAnswer } from '../session/sasl2.js';
import type { ServerSession } from '../session/server-session.js';
import { createStreamParser, type Element, type StreamParser } from '../xml.js';

export interface Connection {
  readonly listener: TransportListener;
  readonly handle: LinkHandle | undefined;
  /** Client: the elements that the login must carry. */
  readonly carried: Carried;
  /** Server: answers a login that carries requests. */
  answer(session: ServerSession, request: Element): void;
  start(transport: Transport, running: RunningSession): void;
  whenOpened(act: () => void): void;
}

/** @param features the features after a login that carried requests */
export const createConnection = (owner: string, features: string, hear: (element: Element) => void): Connection => {
  let handle: LinkHandle | undefined;
  let opened = (): void => {};
  let transport: Transport | undefined;
  let inline: InlineAnswer | undefined;
  let carried: Carried = {};
  const parser: StreamParser = createStreamParser(
    {},
    {
      streamOpen: () => opened(),
      element(element) {
        if (handle?.receive(element) === false) handle.inOrder(() => hear(element));
      },
      streamClose: () => handle?.closed(),
      violation: (violation) => handle?.violated(violation),
    },
  );
  return {
    listener: {
      data: (text) => parser.write(text),
      closed() {
        parser.close();
        handle?.lost();
      },
    },
    get handle() {
      return handle;
    },
    get carried() {
      return carried;
    },
    answer(session, request) {
      if (handle === undefined) return;
      inline = answerInline(
        { account: owner, data: undefined, request },
        {
          session,
          link: handle,
          bind: () => true,
          jid: () => undefined,
          features: () => features,
          done(replies) {
            inline = undefined;
            for (const xml of replies) transport?.write(xml);
          },
        },
      );
      inline.begin();
    },
    start(over, running) {
      transport = over;
      const stream = streamOver(over);
      handle = running.attach({
        ...stream,
        write: (xml, nonza) => (inline ?? stream).write(xml, nonza),
        carry(xml, nonza) {
          carried = { ...carried, [nonza]: xml };
        },
        close() {
          for (const xml of inline?.behind ?? []) stream.write(xml);
          stream.close();
        },
      });
    },
    whenOpened(act) {
      opened = act;
    },
  };
};

const streamOver = (transport: Transport): Stream => ({
  write: (xml) => transport.write(xml),
  close() {
    transport.write('</stream:stream>');
    transport.end();
  },
  destroy: () => transport.destroy(),
  pause: () => transport.pause(),
  resume: () => transport.resume(),
});
