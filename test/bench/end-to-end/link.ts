/**
 * A client's connection that costs as little as can be: bytes go out as they are, and of what comes in it looks at the tags of
 * stanzas and of stream management only. It trusts the server to send well-formed XML without `<` in text or attributes.
 */
import { connect, type Socket } from 'node:net';

const SM = 'urn:xmpp:sm:3';

/** What came in since stream management was enabled; it outlives a connection, as the session does. */
export interface Tally {
  /** All stanzas, and of these the messages. */
  stanzas: number;
  messages: number;
  /** How many of the messages are errors: a message of this client came back. */
  errors: number;
  /** What the server has acknowledged, and how often it asked. */
  acked: number;
  requests: number;
}

export const newTally = (): Tally => ({ stanzas: 0, messages: 0, errors: 0, acked: 0, requests: 0 });

export class Link {
  /** The connection is closed. */
  get isOver(): boolean {
    return this.#ended;
  }

  /** Undefined until counting starts. */
  tally: Tally | undefined;
  /** Whether each `<r/>` is answered at once. */
  answers = true;
  readonly #socket: Socket;
  #text = '';
  #isDone: (() => boolean) | undefined;
  #resolve = (): void => {};
  #reject = (_reason: Error): void => {};
  #ended = false;

  static open(port: number): Promise<Link> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Link(socket));
      });
    });
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#read(bytes.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** While nothing is counted: waits for the pattern, and takes everything up to its end. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    await this.#wait(() => {
      match = pattern.exec(this.#text);
      return match !== null;
    });
    const found = match as unknown as RegExpExecArray;
    this.#text = this.#text.slice(found.index + found[0].length);
    return found;
  }

  /** From here on, what was not taken included. */
  count(tally: Tally): void {
    this.tally = tally;
    const text = this.#text;
    this.#text = '';
    this.#read(text);
  }

  /** Waits until what was counted is enough. */
  counted(isEnough: (tally: Tally) => boolean): Promise<void> {
    return this.#wait(() => this.tally !== undefined && isEnough(this.tally));
  }

  ask(): void {
    this.write(`<r xmlns='${SM}'/>`);
  }

  acknowledge(): void {
    this.write(`<a xmlns='${SM}' h='${this.tally?.stanzas}'/>`);
  }

  /** Reads no more: what comes is lost when the connection is cut. */
  deaf(): void {
    this.#socket.pause();
  }

  /** The network is gone: RST. */
  cut(): void {
    this.#ended = true;
    this.#socket.resetAndDestroy();
  }

  /** Ends the stream, and waits for its end. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.end('</stream:stream>');
    });
  }

  #read(text: string): void {
    this.#text = this.#text === '' ? text : this.#text + text;
    if (this.tally !== undefined) this.#text = this.#counting(this.#text, this.tally);
    if (this.#isDone?.()) this.#settle(this.#resolve);
  }

  /** @returns the beginning of a tag whose end has not come yet */
  #counting(text: string, tally: Tally): string {
    let answer = '';
    const whole = text.lastIndexOf('>') + 1;
    let at = text.indexOf('<');
    for (; at !== -1 && at < whole; at = text.indexOf('<', at + 1)) {
      const first = text.charCodeAt(at + 1);
      const second = text.charCodeAt(at + 2);
      if (first === SLASH && second === M) {
        tally.messages += 1;
        tally.stanzas += 1;
      } else if (first === E && second === R) {
        tally.errors += 1;
      } else if ((first === I && second === Q) || (first === P && text.startsWith('presence', at + 1))) {
        tally.stanzas += 1;
      } else if (first === R && second === SPACE) {
        tally.requests += 1;
        if (this.answers) answer += `<a xmlns='${SM}' h='${tally.stanzas}'/>`;
      } else if (first === A && second === SPACE) {
        tally.acked = Number(/ h=['"](\d+)/.exec(text.slice(at, whole))?.[1]);
      }
    }
    if (answer !== '') this.write(answer);
    return at === -1 ? '' : text.slice(at);
  }

  #wait(isDone: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (isDone()) resolve();
      else if (this.#ended) reject(new Error('the connection is closed'));
      else {
        this.#isDone = isDone;
        this.#resolve = resolve;
        this.#reject = reject;
      }
    });
  }

  #settle(how: () => void): void {
    this.#isDone = undefined;
    how();
  }

  #closed(): void {
    const expected = this.#ended;
    this.#ended = true;
    if (this.#isDone === undefined) return;
    const said = this.#text.slice(-300);
    const reason = new Error(`${expected ? 'closed' : 'the server closed the connection'}: ${said}`);
    this.#settle(() => this.#reject(reason));
  }
}

const [SLASH, SPACE, A, E, I, M, P, Q, R] = [...'/ aeimpqr'].map((letter) => letter.charCodeAt(0));
