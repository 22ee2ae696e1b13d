/** Looks over a client's shoulder: what it writes and gets, element by element, becomes facts. Both kinds of clients have one. */
import type { Element } from 'ltx';
import type { Log } from '../log.js';
import { isStanza, readStanza } from './stanzas.js';

const UINT32 = 2 ** 32;

export class Watch {
  readonly #log: Log;
  readonly #by: string;
  #sessions = 0;
  /** The newest session; undefined when it is over. */
  #session: string | undefined;
  /** Whether `<enable/>` was written on this connection. */
  #isEnabling = false;
  /** Whether stanzas that come on this connection are counted. */
  #isLive = false;
  #isResuming = false;
  #written = 0;
  #got = 0;
  /** How many of the written stanzas the server has acknowledged. */
  #acked = 0;

  constructor(log: Log, by: string) {
    this.#log = log;
    this.#by = by;
  }

  linked(): void {
    this.#log.add({ is: 'linked', by: this.#by });
  }

  unlinked(): void {
    this.#isEnabling = false;
    this.#isLive = false;
    this.#isResuming = false;
    this.#log.add({ is: 'unlinked', by: this.#by });
  }

  /** The client closes the stream: its session is over. */
  left(): void {
    if (this.#session !== undefined && this.#isLive)
      this.#log.add({ is: 'left', by: this.#by, session: this.#session });
  }

  /** The server closes the stream. */
  parted(): void {
    if (this.#session !== undefined && this.#isLive)
      this.#log.add({ is: 'parted', by: this.#by, session: this.#session });
  }

  wrote(element: Element): void {
    const by = this.#by;
    if (isStanza(element)) this.#wroteStanza(element);
    else if (element.name === 'enable') this.#begin();
    else if (element.name === 'resume' && this.#session !== undefined) {
      this.#isResuming = true;
      this.#log.add({ is: 'resuming', by, session: this.#session, h: hOf(element) ?? 0 });
    } else if (element.name === 'a' && this.#session !== undefined)
      this.#log.add({ is: 'told', by, session: this.#session, h: hOf(element) ?? 0 });
  }

  got(element: Element): void {
    const by = this.#by;
    const session = this.#session ?? '';
    const h = hOf(element);
    switch (element.name) {
      case 'enabled':
        this.#isLive = true;
        this.#got = 0;
        this.#log.add({ is: 'enabled', by, session, max: numberOf(element.attrs.max) });
        break;
      case 'resumed':
        this.#isLive = true;
        this.#isResuming = false;
        this.#log.add({ is: 'resumed', by, session, h: h ?? 0 });
        this.#acknowledge(h);
        // The client writes the rest again, in the same positions.
        this.#written = this.#acked;
        break;
      case 'failed':
        this.#refused(h);
        break;
      case 'a':
        this.#log.add({ is: 'heard', by, session, h: h ?? 0 });
        this.#acknowledge(h);
        break;
      case 'stream:error':
      case 'error':
        this.#log.add({ is: 'streamError', by, condition: namesOf(element) });
        break;
      default:
        if (isStanza(element)) this.#gotStanza(element);
    }
  }

  #begin(): void {
    if (this.#session !== undefined) this.#log.add({ is: 'forgot', by: this.#by, session: this.#session });
    this.#sessions += 1;
    this.#session = `${this.#by}#${this.#sessions}`;
    this.#isEnabling = true;
    this.#written = 0;
    this.#acked = 0;
  }

  #refused(h: number | undefined): void {
    if (this.#isResuming && this.#session !== undefined)
      this.#log.add({ is: 'refused', by: this.#by, session: this.#session, h });
    this.#isResuming = false;
    this.#isEnabling = false;
    this.#session = undefined;
  }

  #wroteStanza(element: Element): void {
    if (this.#session === undefined || !(this.#isEnabling || this.#isLive)) {
      if (element.getChild('bind') !== undefined) this.#log.add({ is: 'binding', by: this.#by });
      return;
    }
    this.#written += 1;
    const [by, session, n] = [this.#by, this.#session, this.#written];
    this.#log.add({ is: 'wrote', by, session, n, stanza: readStanza(element) });
  }

  #gotStanza(element: Element): void {
    const stanza = readStanza(element);
    if (this.#isLive) this.#got += 1;
    const session = this.#isLive ? this.#session : undefined;
    this.#log.add({ is: 'got', by: this.#by, session, n: this.#isLive ? this.#got : undefined, stanza });
  }

  #acknowledge(h: number | undefined): void {
    const more = ((h ?? 0) - this.#acked + UINT32) % UINT32;
    if (more <= this.#written - this.#acked) this.#acked += more;
  }
}

const hOf = (element: Element): number | undefined => numberOf(element.attrs.h);

const numberOf = (text: unknown): number | undefined =>
  typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : undefined;

const namesOf = (element: Element): string =>
  element
    .getChildElements()
    .map(({ name }) => name)
    .join(' ');
