/** A client of the harness's own, without a library for XMPP: it does what XEP-0198 asks of a client, and no more. */
import { type Element, parse } from 'ltx';
import {
  ASK_AFTER,
  ASK_EVERY,
  type Client,
  type ClientOptions,
  LOGIN_TIME,
  RECONNECT_AFTER,
  SILENCE,
} from './client.js';
import { Queue } from './queue.js';
import { createSplitter } from './splitter.js';
import { isStanza } from './stanzas.js';
import { Watch } from './watch.js';
import { openWire, type Wire } from './wire.js';

const SM = "xmlns='urn:xmpp:sm:3'";
const UINT32 = 2 ** 32;

export class RawClient implements Client {
  readonly name: string;
  readonly #options: ClientOptions;
  readonly #watch: Watch;
  readonly #queue = new Queue();
  #wire: Wire | undefined;
  /** The SM-ID; undefined without a session. */
  #smId: string | undefined;
  /** How many stanzas of the session came. */
  #handled = 0;
  #isLive = false;
  #isWanted = false;
  #isAuthenticated = false;
  #unasked = 0;
  /** When the open request for an ack was written. */
  #asked: number | undefined;
  #retry: NodeJS.Timeout | undefined;
  #clock: NodeJS.Timeout | undefined;
  #left: (() => void) | undefined;

  constructor(options: ClientOptions) {
    const { user, domain, resource, log } = options;
    this.#options = options;
    this.name = `${user}@${domain}/${resource}`;
    this.#watch = new Watch(log, this.name);
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  get isIdle(): boolean {
    return this.#queue.isEmpty;
  }

  send(xml: string): void {
    this.#queue.add(xml);
    if (this.#isLive) this.#flush();
  }

  start(): void {
    this.#isWanted = true;
    this.#dial();
  }

  leave(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#retry);
    if (!this.#isLive) {
      this.forget();
      return Promise.resolve();
    }
    this.#watch.left();
    this.#write(this.#wire?.footer ?? '');
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#lose(), SILENCE);
      this.#left = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  forget(): void {
    this.#endSession(false);
    this.#lose();
  }

  stop(): void {
    this.#isWanted = false;
    this.#lose();
    clearTimeout(this.#retry);
  }

  #dial(): void {
    clearTimeout(this.#retry);
    const { carrier, domain } = this.#options;
    const splitter = { now: createSplitter() };
    const wire = openWire(carrier, this.#options, {
      open: () => {
        this.#watch.linked();
        wire.write(wire.header(domain));
      },
      text: (text) => {
        for (const part of splitter.now.push(text)) {
          if (this.#wire !== wire) return;
          if (part.type === 'element') this.#take(parse(part.text));
          if (part.type === 'close') this.#closed();
        }
      },
      lost: () => this.#lose(),
    });
    this.#wire = wire;
    this.#isAuthenticated = false;
    const begun = performance.now();
    this.#clock = setInterval(() => this.#look(begun), ASK_AFTER);
  }

  /** Asks for an ack when it is time, and gives a dead connection up. */
  #look(begun: number): void {
    const now = performance.now();
    if (!this.#isLive && now - begun > LOGIN_TIME) this.#lose();
    else if (this.#asked !== undefined && now - this.#asked > SILENCE) this.#lose();
    else if (this.#isLive) this.#ask();
  }

  /** The connection is gone. The client comes back if it is wanted. */
  #lose(): void {
    clearInterval(this.#clock);
    if (this.#wire !== undefined) {
      this.#wire.destroy();
      this.#wire = undefined;
      this.#watch.unlinked();
    }
    this.#isLive = false;
    this.#asked = undefined;
    if (this.#left !== undefined) this.#endSession(false);
    this.#left?.();
    this.#left = undefined;
    clearTimeout(this.#retry);
    if (this.#isWanted) this.#retry = setTimeout(() => this.#dial(), this.#options.random.integer(...RECONNECT_AFTER));
  }

  /** The server closed the stream, by itself or as an answer: the session is over. */
  #closed(): void {
    this.#watch.parted();
    if (this.#isLive) this.#endSession(false);
    this.#lose();
  }

  #take(element: Element): void {
    this.#watch.got(element);
    if (isStanza(element)) this.#takeStanza(element);
    else if (element.name === 'stream:features') this.#negotiate(element);
    else if (element.name === 'success') this.#restart();
    else if (element.name === 'failure') this.#lose();
    else this.#takeNonza(element);
  }

  #takeNonza({ name, attrs }: Element): void {
    const h = /^\d+$/.test(String(attrs.h)) ? Number(attrs.h) : undefined;
    if (name === 'r') this.#write(`<a ${SM} h='${this.#handled}'/>`);
    if (name === 'a') {
      this.#asked = undefined;
      this.#acknowledge(h);
    }
    if (name === 'enabled') {
      this.#smId = attrs.id;
      this.#handled = 0;
      this.#isLive = true;
      this.#options.onOnline();
    }
    if (name === 'resumed' && this.#acknowledge(h)) {
      this.#queue.rewind();
      this.#isLive = true;
      this.#flush();
    }
    if (name === 'failed') {
      const isKnown = h !== undefined && this.#queue.acknowledge(h);
      this.#endSession(isKnown);
      this.#bind();
    }
  }

  #takeStanza(stanza: Element): void {
    if (this.#isLive) this.#handled = (this.#handled + 1) % UINT32;
    if (stanza.name === 'presence' && stanza.attrs.type === 'subscribe') this.#options.onSubscribe(stanza.attrs.from);
  }

  /** @returns false when the server's h cannot be: then the session is of no use */
  #acknowledge(h: number | undefined): boolean {
    if (h !== undefined && this.#queue.acknowledge(h)) return true;
    this.forget();
    return false;
  }

  #negotiate(features: Element): void {
    const { user, password } = this.#options;
    if (!this.#isAuthenticated && features.getChild('mechanisms') !== undefined) {
      const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
      this.#write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`);
    } else if (this.#smId !== undefined) this.#write(`<resume ${SM} previd='${this.#smId}' h='${this.#handled}'/>`);
    else this.#bind();
  }

  #restart(): void {
    this.#isAuthenticated = true;
    const wire = this.#wire;
    wire?.write(wire.header(this.#options.domain));
  }

  /** In one write, so that no stanza comes between the two that nobody counts. */
  #bind(): void {
    const bind = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${this.#options.resource}</resource></bind>`;
    this.#write(`<iq type='set' id='bind'>${bind}</iq>`);
    this.#write(`<enable ${SM} resume='true'/>`);
  }

  #endSession(isKnown: boolean): void {
    this.#smId = undefined;
    this.#queue.startOver(isKnown);
  }

  #flush(): void {
    for (const xml of this.#queue.takeUnwritten()) {
      this.#write(xml);
      this.#unasked += 1;
    }
    if (this.#unasked >= ASK_EVERY) this.#ask();
  }

  #ask(): void {
    if (this.#asked !== undefined) return;
    this.#asked = performance.now();
    this.#unasked = 0;
    this.#write(`<r ${SM}/>`);
  }

  #write(text: string): void {
    if (this.#wire === undefined) return;
    if (text.startsWith('<') && !/^<(\/|close|\?)/.test(text)) this.#watch.wrote(parse(text));
    this.#wire.write(text);
  }
}
