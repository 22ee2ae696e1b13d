import { once } from 'node:events';
import type { WebSocket as WhatwgWebSocket } from 'undici-types';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Report } from '../../src/index.js';
import type { Transport } from '../../src/ports/index.js';
import { type ClientSession, createSession } from '../../src/session/client-session.js';
import type { Stream } from '../../src/session/running-session.js';
import { fromWebSocket, type WebSocketLike } from '../../src/transports/websocket.js';
import { type Element, webSocketFraming } from '../../src/xml.js';
import { message } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

interface AnyEvent {
  readonly data: unknown;
  readonly code: number;
  readonly wasClean: boolean;
}

/** A WebSocket of a browser: it has no `terminate`, and a dead peer keeps it waiting. */
class Browser implements WebSocketLike {
  readonly sent: string[] = [];
  protocol = 'xmpp';
  readyState = 1;
  bufferedAmount = 0;
  url = 'wss://localhost/';
  closedWith: number | undefined;
  readonly #listeners: { readonly type: string; readonly listener: (event: AnyEvent) => void }[] = [];

  send(text: string): void {
    this.sent.push(text);
  }

  close(code?: number): void {
    this.closedWith = code;
    this.readyState = 2;
  }

  addEventListener(type: string, listener: (event: AnyEvent) => void): void {
    this.#listeners.push({ type, listener });
  }

  happens(type: string, properties: Partial<AnyEvent>): void {
    for (const { type: its, listener } of this.#listeners)
      if (its === type) listener({ data: undefined, code: 1006, wasClean: false, ...properties });
  }
}

/** The listener writes down what it hears. */
const bound = (socket: Browser, malformed = true) => {
  const heard: unknown[] = [];
  const transport = fromWebSocket(socket, () => ({
    data: (text) => heard.push(text),
    ...(malformed && { malformed: (reason: Error) => void heard.push(reason.name) }),
    closed: (reason) => heard.push(`closed: ${reason?.message ?? 'well'}`),
  }));
  return { transport, heard };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a WebSocket as a transport', () => {
  it('accepts the WebSocket of a browser, of Node and of ws', () => {
    expectTypeOf<WhatwgWebSocket>().toExtend<WebSocketLike>();
    expectTypeOf<WebSocket>().toExtend<WebSocketLike>();
  });

  it('is refused before it is open, and without the subprotocol (RFC 7395 section 3.1)', () => {
    expect(() => bound(Object.assign(new Browser(), { readyState: 0 }))).toThrow('not open');
    expect(() => bound(Object.assign(new Browser(), { protocol: '' }))).toThrow('subprotocol');
  });

  it('knows from its URL whether it is secure', () => {
    expect(bound(new Browser()).transport).toMatchObject({ secure: true, loopback: false });
    expect(bound(Object.assign(new Browser(), { url: 'ws://localhost/' })).transport.secure).toBe(false);
  });

  it('sends each write as a message, and shows each message', () => {
    const socket = new Browser();
    const { transport, heard } = bound(socket);
    transport.write('<a/>');
    transport.write('<b/>');
    socket.happens('message', { data: '<c/>' });
    expect([socket.sent, heard]).toEqual([['<a/>', '<b/>'], ['<c/>']]);
  });

  it('reports a binary message, or closes when there is no listener for it', async () => {
    const data = new ArrayBuffer(1);
    const told = bound(new Browser());
    const [one, other] = [new Browser(), new Browser()];
    const { heard } = bound(one);
    one.happens('message', { data });
    expect(heard).toEqual(['TypeError']);
    const silent = bound(other, false);
    other.happens('message', { data });
    await turn();
    expect(silent.heard).toEqual(['closed: a binary message']);
    expect(told.heard).toEqual([]);
  });

  it('ends in two steps, and sends no text between them', async () => {
    const socket = new Browser();
    const { transport, heard } = bound(socket);
    transport.end();
    transport.write('<a/>');
    expect([socket.closedWith, socket.sent]).toEqual([1000, []]);
    socket.happens('message', { data: '<b/>' });
    socket.happens('close', { code: 1000, wasClean: true });
    transport.destroy();
    await turn();
    expect(heard).toEqual(['<b/>', 'closed: well']);
  });

  it('is destroyed at once, although the browser still waits for its close', async () => {
    const socket = new Browser();
    const { transport, heard } = bound(socket);
    transport.destroy();
    await turn();
    expect(heard).toEqual(['closed: well']);
    socket.happens('message', { data: '<a/>' });
    socket.happens('close', { code: 1006, wasClean: false });
    expect(heard).toHaveLength(1);
  });

  it('is destroyed when the peer does not read', async () => {
    const socket = new Browser();
    const { transport, heard } = bound(socket);
    socket.bufferedAmount = 16 * 1024 * 1024 + 1;
    transport.write('<a/>');
    await turn();
    expect(heard).toEqual(['closed: the peer does not take what is sent']);
  });

  it('reports once why it was lost', () => {
    const socket = new Browser();
    const { heard } = bound(socket);
    socket.happens('error', {});
    socket.happens('close', { code: 1006, wasClean: false });
    socket.happens('close', { code: 1006, wasClean: false });
    expect(heard).toEqual(['closed: the WebSocket failed']);
  });
});

describe('a session of a client over a WebSocket', () => {
  const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
  const { header, footer, frame, createParser } = webSocketFraming;

  /** What an application does by itself: it opens, authenticates, and binds or resumes. */
  const connect = async (port: number, session: ClientSession, last: string): Promise<Transport> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/xmpp-websocket`, 'xmpp');
    await once(socket, 'open');
    return new Promise((resolve) => {
      const transport = fromWebSocket(socket, (made) => {
        const stream: Stream = {
          write: (xml) => made.write(frame(xml)),
          close() {
            made.write(footer);
            made.end();
          },
          destroy: () => made.destroy(),
        };
        const link = session.attach(stream);
        const greet = (): void => made.write(header({ to: 'localhost', version: '1.0' }));
        const negotiate = (element: Element): void => {
          if (element.is('success')) {
            session.authenticated('romeo@localhost');
            parser.restart();
            greet();
          } else if (element.getChild('mechanisms')) {
            const plain = Buffer.from('\0romeo\0romeo-secret').toString('base64');
            made.write(`<auth xmlns='${SASL}' mechanism='PLAIN'>${plain}</auth>`);
          } else if (session.canResume) session.resume();
          else made.write(frame("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"));
        };
        const parser = createParser(
          {},
          {
            streamOpen() {},
            element(element) {
              if (element.attrs.id === 'b') {
                session.bound();
                session.enable();
              } else if (!link.receive(element)) negotiate(element);
              if (element.is(last)) resolve(transport);
            },
            streamClose: () => link.closed(),
            violation: (violation) => link.violated(violation),
          },
        );
        greet();
        return { data: (text) => parser.write(text), closed: () => link.lost() };
      });
    });
  };

  it('enables, is lost, is resumed, and every stanza arrives (R-3, R-5)', async () => {
    const host = await startHost({ policy: { maxUnackedStanzas: 0 } });
    const juliet = await host.bound('juliet', 'a');
    const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, websocket: true });
    const reports: Report['type'][] = [];
    const session = createSession({
      policy: { maxUnackedStanzas: 0 },
      onStanza() {},
      onReport: ({ type }) => reports.push(type),
    });
    const send = (id: string): void =>
      session.send({ xml: message('juliet@localhost/a', id), kind: 'message', type: 'chat' });
    const first = await connect(port, session, 'enabled');
    send('1');
    await juliet.heard(/id="1"/);
    first.destroy();
    await expect.poll(() => session.status, { interval: 2 }).toBe('hibernating');
    send('2');
    await connect(port, session, 'a');
    await juliet.heard(/id="2"/);
    expect(reports).toEqual(expect.arrayContaining(['enabled', 'hibernationStart', 'resumed', 'acknowledged']));
    expect(juliet.ids.filter((id) => id !== 'bind')).toEqual(['1', '2']);
    session.close();
  });
});
