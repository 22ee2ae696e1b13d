/** A server that does as it is told, over real TCP: a test says what it expects and what it answers. */
import * as net from 'node:net';
import { type Client, client } from '@xmpp/client';
import {
  type StreamManagement,
  type StreamManagementOptions,
  streamManagement,
} from '../../src/drop-ins/xmppjs/stream-management.js';
import type { LocalMisuse, Report } from '../../src/index.js';
import { createStreamParser, type Element } from '../../src/xml.js';

export const SM = 'urn:xmpp:sm:3';
const HEADER =
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s' version='1.0'>";
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
export const JID = 'romeo@capulet.lit/orchard';
export const FEATURES = `<bind xmlns='${BIND}'/><sm xmlns='${SM}'/>`;

/** What the client did on one connection, in order. */
export class Peer {
  readonly heard: Element[] = [];
  /** All of it, as it came. */
  text = '';
  opens = 0;
  closes = 0;
  /** The connection is gone. */
  isClosed = false;
  #features = '';
  #waiting: (() => void)[] = [];
  #read = 0;
  readonly #parser;

  constructor(readonly socket: net.Socket) {
    this.#parser = createStreamParser(
      {},
      {
        streamOpen: () => {
          this.opens += 1;
          this.write(HEADER + (this.opens > 1 ? `<stream:features>${this.#features}</stream:features>` : ''));
          this.#wake();
        },
        element: (element) => this.#hear(element),
        streamClose: () => this.#hear(undefined),
        violation: () => this.socket.destroy(),
      },
    );
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      this.text += String(text);
      this.#parser.write(String(text));
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  write(xml: string): void {
    this.socket.write(xml);
  }

  /** The next element, which has to have this name. */
  async expect(name: string): Promise<Element> {
    await this.until(() => this.heard.length > this.#read || this.isClosed);
    const element = this.heard[this.#read];
    if (element === undefined) throw new Error(`the connection is closed, <${name}/> was expected`);
    this.#read += 1;
    if (element.getName() !== name) throw new Error(`<${name}/> was expected, not ${element}`);
    return element;
  }

  /** The ids of the next stanzas. */
  async expectIds(count: number): Promise<string[]> {
    await this.until(() => this.heard.length >= this.#read + count || this.isClosed);
    const elements = this.heard.slice(this.#read, this.#read + count);
    this.#read += count;
    return elements.map((element) => String(element.attrs.id ?? element.getName()));
  }

  /** The client has closed its stream, before or after the connection. */
  async expectClose(): Promise<void> {
    await this.until(() => this.closes > 0 || this.isClosed);
    if (this.closes === 0) throw new Error('the connection was closed without </stream:stream>');
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Up to the features behind authentication, which the test names. */
  async authenticate(features = FEATURES): Promise<void> {
    await this.until(() => this.opens > 0 || this.isClosed);
    this.#features = features;
    this.write(
      `<stream:features><mechanisms xmlns='${SASL}'><mechanism>PLAIN</mechanism></mechanisms></stream:features>`,
    );
    await this.expect('auth');
    this.#parser.restart();
    this.write(`<success xmlns='${SASL}'/>`);
  }

  /** Up to a bound resource. */
  async bind(): Promise<void> {
    const iq = await this.expect('iq');
    if (!iq.getChild('bind', BIND)) throw new Error(`a bind request was expected, not ${iq}`);
    this.write(bound(String(iq.attrs.id)));
  }

  /** A session that can be resumed, unless `grant` says otherwise; `behind` follows in the same piece. */
  async establish({ grant = `id='sm-1' resume='true' max='600'`, behind = '' } = {}): Promise<Element> {
    await this.authenticate();
    await this.bind();
    const enable = await this.expect('enable');
    this.write(`<enabled xmlns='${SM}' ${grant}/>${behind}`);
    return enable;
  }

  /** Up to `<resume/>`. */
  async awaitResume(): Promise<Element> {
    await this.authenticate();
    return this.expect('resume');
  }

  #hear(element: Element | undefined): void {
    if (element === undefined) this.closes += 1;
    else this.heard.push(element);
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export const bound = (id: string): string =>
  `<iq type='result' id='${id}'><bind xmlns='${BIND}'><jid>${JID}</jid></bind></iq>`;

/** A listening port, and clients of it. */
export class Stage {
  readonly errors: Error[] = [];
  /** What the adapter asked of a session at the wrong time. */
  readonly misuses: LocalMisuse[] = [];
  readonly #server = net.createServer((socket) => this.#accept(socket));
  readonly #peers: Peer[] = [];
  readonly #clients: Client[] = [];
  #waiting: (() => void)[] = [];
  #met = 0;

  static async open(): Promise<Stage> {
    const stage = new Stage();
    await new Promise<void>((resolve) => stage.#server.listen(0, '127.0.0.1', resolve));
    return stage;
  }

  get service(): string {
    const address = this.#server.address();
    return `xmpp://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  /** A client that has not been started. */
  client(options: StreamManagementOptions = {}, service = this.service): { xmpp: Client; sm: StreamManagement } {
    const xmpp = client({
      service,
      domain: 'capulet.lit',
      username: 'romeo',
      credentials: (authenticate: (credentials: object, mechanism: string) => Promise<void>) =>
        authenticate({ username: 'romeo', password: 'pw' }, 'PLAIN'),
    });
    xmpp.reconnect.delay = 1;
    xmpp.timeout = 20_000; // a busy machine answers late
    xmpp.on('error', (error: Error) => this.errors.push(error));
    this.#clients.push(xmpp);
    const sm = streamManagement(xmpp, options);
    sm.on('misuse', ({ failure }) => this.misuses.push(failure));
    return { xmpp, sm };
  }

  /** A client with a session, and the server's side of it. */
  async online(options: StreamManagementOptions = {}, script: Parameters<Peer['establish']>[0] = {}) {
    const { xmpp, sm } = this.client(options);
    const enabled = once(sm, 'enabled');
    const start = xmpp.start();
    const peer = await this.next();
    await peer.establish(script);
    await Promise.all([start, enabled]);
    return { xmpp, sm, peer };
  }

  /** The next connection that a client makes. */
  async next(): Promise<Peer> {
    while (this.#peers.length <= this.#met) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const peer = this.#peers[this.#met];
    if (peer === undefined) throw new Error('there is no connection');
    this.#met += 1;
    return peer;
  }

  async close(): Promise<void> {
    for (const xmpp of this.#clients) {
      xmpp.reconnect.stop();
      xmpp.timeout = 10;
    }
    for (const { socket } of this.#peers) socket.destroy();
    await Promise.all(this.#clients.map((xmpp) => xmpp.stop().catch(() => {})));
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: net.Socket): void {
    this.#peers.push(new Peer(socket));
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** The next report of this name. */
export const once = <N extends Report['type']>(sm: StreamManagement, name: N) =>
  new Promise<Extract<Report, { type: N }>>((resolve) => {
    const off = sm.on(name, (report) => {
      off();
      resolve(report);
    });
  });

/** The next event of this name, with its first argument. */
export const event = <T = unknown>(xmpp: Client, name: string) =>
  new Promise<T>((resolve) => xmpp.once(name, (value: T) => resolve(value)));
