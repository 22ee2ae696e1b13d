/** The way of the text of a stream to its transport, as fast as the peer takes it. */
import { checkFunction, checkMethods, checkText } from '../arguments/check.js';
import type { Transport } from '../ports/index.js';

/** The most text that waits without another limit, in UTF-16 code units: above it the connection counts as dead. */
const MAX_WAITING = 15 * 1024 * 1024;

/**
 * Gives a transport only as much text as it can take; the rest waits here, in order. So a replay can be as long as the queue of the
 * policy allows, and does not lie in the buffer of the transport.
 *
 * A stream writes everything through its outbox, and calls `drained` when the transport calls `drained` of its listener.
 */
export class Outbox {
  readonly #transport: Transport;
  readonly #isQueued: () => boolean;
  /** Undefined when nothing waits. */
  #waiting: string[] | undefined;
  /** How many texts of `#waiting` the transport has. */
  #given = 0;
  #size = 0;

  /**
   * @param isQueued whether stream management is on: the session then has every stanza that waits in its queue, whose limit bounds the
   *   memory. While it is off, 15 MiB that wait end the connection.
   * @throws TypeError that names the argument
   */
  constructor(transport: Transport, isQueued: () => boolean) {
    checkMethods('transport', transport, ['write', 'end', 'destroy']);
    checkFunction('isQueued', isQueued);
    this.#transport = transport;
    this.#isQueued = isQueued;
  }

  /** @throws TypeError when `text` is not a string */
  write(text: string): void {
    checkText('text', text);
    if (this.#waiting === undefined && this.#transport.isFull !== true) {
      this.#transport.write(text);
      return;
    }
    this.#waiting ??= [];
    this.#waiting.push(text);
    this.#size += text.length;
    if (this.#size > MAX_WAITING && !this.#isQueued()) this.#transport.destroy();
  }

  /** The transport can take more text. */
  drained(): void {
    while (this.#transport.isFull !== true) {
      const text = this.#next();
      if (text === undefined) return;
      this.#transport.write(text);
    }
  }

  /** Gives the transport all text that waits, and then `text`: call it before the handshake of TLS. */
  flush(text = ''): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) this.#transport.write(next);
    if (text !== '') this.#transport.write(text);
  }

  /**
   * Writes the last text, and ends the connection. When more than 15 MiB wait, the stanzas among them are left out: the session has them
   * in its queue and returns them.
   */
  end(text: string): void {
    if (this.#size > MAX_WAITING) this.#leaveOutStanzas();
    this.flush(text);
    this.#transport.end();
  }

  #leaveOutStanzas(): void {
    this.#forgetGiven();
    this.#waiting = this.#waiting?.filter((text) => !STANZA.test(text));
  }

  #next(): string | undefined {
    const text = this.#waiting?.[this.#given];
    if (text === undefined) {
      this.#waiting = undefined;
      this.#given = 0;
      this.#size = 0;
      return undefined;
    }
    this.#given += 1;
    this.#size -= text.length;
    if (this.#given >= MANY && 2 * this.#given > (this.#waiting?.length ?? 0)) this.#forgetGiven();
    return text;
  }

  /** Half of the array at least: so each text is copied once on average. */
  #forgetGiven(): void {
    this.#waiting = this.#waiting?.slice(this.#given);
    this.#given = 0;
  }
}

/** From this number on the texts that the transport has are dropped from the array. */
const MANY = 1024;
const STANZA = /^<(?:message|presence|iq)[\s/>]/;
