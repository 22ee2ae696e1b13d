/** An XMPP client for tests: exact bytes out, exact bytes in, and a few helpers for the steps every test takes. */
import { expect } from 'vitest';
import { escapeXml } from '../../src/xml.js';
import { connectTcp, connectWebSocket, type Wire, type WireListener } from './wire.js';

const headerTo = (domain: string): string =>
  `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}' version='1.0'>`;

export const HEADER = headerTo('localhost');
export const SM = 'urn:xmpp:sm:3';
export const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';
export const STREAM_ERRORS = 'urn:ietf:params:xml:ns:xmpp-streams';
const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';

/** Milliseconds after which a wait has failed: only what hangs takes so long, on a busy machine too. */
export const PATIENCE = 30_000;

export class RawClient {
  /** Every byte that came, as text. */
  received = '';
  /** How the other end ended the connection, if it has. */
  ended: 'fin' | 'rst' | undefined;
  #wire: Wire | undefined;
  #read = 0;
  #wake: (() => void)[] = [];
  readonly #header: string;

  constructor(domain = 'localhost') {
    this.#header = headerTo(domain);
  }

  async connect(connect: (listener: WireListener) => Promise<Wire>): Promise<this> {
    this.#wire = await connect({
      data: (text) => {
        this.received += text;
        this.#stir();
      },
      ended: (how) => {
        this.ended ??= how;
        this.#stir();
      },
    });
    return this;
  }

  /** What came and was not waited for yet. */
  get unread(): string {
    return this.received.slice(this.#read);
  }

  write(bytes: string | Uint8Array): this {
    this.#wire?.write(bytes);
    return this;
  }

  /** Waits for exactly these bytes, next. */
  async expect(bytes: string): Promise<void> {
    await this.#until(() => this.unread.length >= bytes.length, bytes);
    expect(this.unread.slice(0, bytes.length)).toBe(bytes);
    this.#read += bytes.length;
  }

  /** Waits for the pattern and takes everything up to its end. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    await this.#until(() => pattern.test(this.unread), String(pattern));
    const match =
      pattern.exec(this.unread) ?? expect.fail(`${pattern} did not come; there is ${JSON.stringify(this.unread)}`);
    this.#read += match.index + match[0].length;
    return match;
  }

  /** Waits for the pattern in everything that ever came, and takes nothing. */
  async heard(pattern: RegExp): Promise<void> {
    await this.#until(() => pattern.test(this.received), String(pattern));
    expect(this.received).toMatch(pattern);
  }

  /** Waits for exactly these bytes and then the end of the connection. */
  async last(bytes: string): Promise<void> {
    await this.gone();
    expect(this.unread).toBe(bytes);
    this.#read = this.received.length;
  }

  /** Waits until the connection has ended. */
  async gone(): Promise<void> {
    await this.#until(() => this.ended !== undefined, 'the end of the connection');
  }

  /** The connection ends with FIN and no word of XML. */
  fin(): void {
    this.#wire?.fin();
  }

  /** The connection ends with RST, or under TLS at once. */
  reset(): void {
    this.#wire?.reset();
  }

  /** Reads no more, so that the other end cannot get rid of what it writes. */
  deaf(): void {
    this.#wire?.deaf();
  }

  async open(header = this.#header): Promise<void> {
    this.write(header);
    await this.until(/<\/stream:features>/);
  }

  async startTls(): Promise<void> {
    await this.open();
    this.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    await this.until(/<proceed [^>]*>/);
    await this.#wire?.startTls();
  }

  /** PLAIN, and the stream that follows. */
  async login(user: string, password = `${user}-secret`): Promise<void> {
    await this.open();
    await this.authenticate(user, password);
    await this.open();
  }

  async authenticate(user: string, password = `${user}-secret`): Promise<void> {
    const message = Buffer.from(`\0${user}\0${password}`).toString('base64');
    this.write(`<auth xmlns='${SASL}' mechanism='PLAIN'>${message}</auth>`);
    await this.until(/<success [^>]*>(<\/success>)?/);
  }

  /** @returns the full JID */
  async bind(resource: string): Promise<string> {
    this.write(`<iq type='set' id='bind'><bind xmlns='${BIND}'><resource>${resource}</resource></bind></iq>`);
    return (await this.until(/<jid>([^<]+)<\/jid><\/bind><\/iq>/))[1] ?? '';
  }

  /** @returns the SM-ID, '' when the session cannot be resumed */
  async enable(attributes = "resume='true'"): Promise<string> {
    this.write(`<enable xmlns='${SM}' ${attributes}/>`);
    const [enabled] = await this.until(/<enabled [^>]*\/>/);
    return / id='([^']+)'/.exec(enabled)?.[1] ?? '';
  }

  /** Waits for `<resumed/>`. @returns the server's h */
  async resume(smId: string, h: number): Promise<number> {
    this.write(resume(smId, h));
    return Number((await this.until(/^<resumed xmlns='urn:xmpp:sm:3' h='(\d+)' previd='[^']+'\/>/))[1]);
  }

  /** Asks for the server's h, and by that waits until it has read everything. */
  async ask(): Promise<number> {
    this.write(`<r xmlns='${SM}'/>`);
    return Number((await this.until(/<a xmlns='urn:xmpp:sm:3' h='(\d+)'\/>/))[1]);
  }

  /** The ids of the stanzas that came so far, in order; acknowledged or not. */
  get ids(): string[] {
    return [...this.received.matchAll(/<(?:message|presence|iq)\b[^>]*? id=["']([^"']+)["']/g)].map(
      ([, id]) => id ?? '',
    );
  }

  #stir(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Returns early when nothing more can come. */
  async #until(done: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!done() && this.ended === undefined) {
      const left = deadline - Date.now();
      if (left <= 0) expect.fail(`waited for ${what}, but there is only ${JSON.stringify(this.unread.slice(0, 2000))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}

export const connectRaw = (port: number, secure = false, domain?: string): Promise<RawClient> =>
  new RawClient(domain).connect((listener) => connectTcp(port, secure, listener));

export const connectRawWebSocket = (port: number): Promise<RawClient> =>
  new RawClient().connect((listener) => connectWebSocket(port, listener));

export const resume = (smId: string, h: number | string): string => `<resume xmlns='${SM}' previd='${smId}' h='${h}'/>`;

export const message = (to: string, id: string, type = 'chat'): string =>
  `<message to='${to}' id='${id}' type='${type}'><body>${id}</body></message>`;

/** `<failed/>` as this server writes it. */
export const failed = (condition: string, { text = '', h = '' }: { text?: string; h?: string | number } = {}): string =>
  `<failed xmlns='${SM}'${h === '' ? '' : ` h='${h}'`}><${condition} xmlns='${STANZAS}'/>${
    text === '' ? '' : `<text xmlns='${STANZAS}' xml:lang='en'>${escapeXml(text)}</text>`
  }</failed>`;

/** A stream error and the end of the stream, as this server writes them. */
export const streamError = (condition: string, text = '', application = ''): string =>
  `<stream:error><${condition} xmlns='${STREAM_ERRORS}'/>${
    text === '' ? '' : `<text xmlns='${STREAM_ERRORS}' xml:lang='en'>${escapeXml(text)}</text>`
  }${application}</stream:error></stream:stream>`;
