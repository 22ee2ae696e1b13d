/** One stream as the check sees it: it sends exactly the given elements, and it knows each element that it received. */
import { Arrivals, type Ending } from './arrivals.js';
import type { Transcript } from './transcript.js';
import type { Match } from './wire/conditions.js';
import { createReader, type Element, escapeXml, type Reader, type ReaderListener } from './wire/element.js';
import { NS } from './wire/namespaces.js';
import type { Wire, WireListener } from './wire/wire.js';

export interface StreamOptions {
  readonly name: string;
  readonly domain: string;
  readonly transcript: Transcript;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  dial(listener: WireListener): Promise<Wire>;
}

/** Dials, and passes what the connection carries to the stream that `create` makes. */
export const openStream = async <S extends XmppStream>(
  { name, transcript, dial }: StreamOptions,
  create: (wire: Wire, arrivals: Arrivals) => S,
): Promise<S> => {
  let stream: S | undefined;
  const arrivals = new Arrivals((text) => transcript.add(name, '-', text));
  const wire = await dial({
    text: (text) => stream?.read(text),
    gone(reason) {
      transcript.add(name, '-', `connection gone: ${reason}`);
      arrivals.end(false, 'the connection was closed');
    },
  });
  stream = create(wire, arrivals);
  return stream;
};

/** A stream to the server under test: what a check sends, and what it waits for. */
export abstract class XmppStream {
  /** The stream header that the client sends. */
  readonly header: string;
  readonly #footer: string;
  readonly #options: StreamOptions;
  readonly #wire: Wire;
  readonly #arrivals: Arrivals;
  #reader: Reader;
  #streamId: string | undefined;
  #leaving = false;

  constructor(options: StreamOptions, wire: Wire, arrivals: Arrivals) {
    this.#options = options;
    this.#wire = wire;
    this.#arrivals = arrivals;
    const to = escapeXml(options.domain);
    this.header = wire.framed
      ? `<open xmlns='${NS.framing}' to='${to}' version='1.0'/>`
      : `<?xml version='1.0'?><stream:stream xmlns='${NS.client}' xmlns:stream='${NS.stream}' to='${to}' version='1.0'>`;
    this.#footer = wire.framed ? `<close xmlns='${NS.framing}'/>` : '</stream:stream>';
    this.#reader = this.#newReader();
  }

  /** All elements that arrived on this connection. */
  get seen(): readonly Element[] {
    return this.#arrivals.seen;
  }

  /** Sends a stream header and waits for the features. */
  open(): Promise<Element> {
    this.#reader = this.#newReader();
    this.send(this.header);
    return this.receive('stream features', ({ ns, name }) => ns === NS.stream && name === 'features');
  }

  /** Sends exactly these elements in one write (over WebSocket: each in a message of its own). */
  send(...elements: readonly string[]): void {
    this.#log('>', elements.join(this.#wire.framed ? '\n' : ''));
    this.#wire.write(elements);
  }

  /**
   * Takes the first matching element that no earlier wait has taken.
   * @param what the expected element in words, for the report
   * @returns rejects with a Finding when the element does not arrive in time, or when the stream ends
   */
  receive(what: string, match: Match, within = this.#options.patience): Promise<Element> {
    return this.#arrivals.receive(what, match, within);
  }

  /** Drops the matching elements that have arrived, so that later waits do not take them. */
  forget(match: Match): void {
    this.#arrivals.forget(match);
  }

  /** Waits for the stream to end. @param what the expected end in words, for the report */
  ended(what: string, within = this.#options.patience): Promise<Ending> {
    return this.#arrivals.ended(what, within);
  }

  /** Watches for `during` milliseconds. @returns rejects with a Finding when a matching element arrives or has arrived */
  silent(what: string, match: Match, during: number): Promise<void> {
    return this.#arrivals.silent(what, match, during);
  }

  /** Whether the stream can still send. */
  isOpen(): boolean {
    return !this.#arrivals.haveEnded;
  }

  /** Upgrades the connection to TLS. */
  async secure(): Promise<void> {
    await this.#wire.startTls?.();
    this.#log('-', 'TLS');
  }

  /** Sends these elements and closes the stream in the same write. The server then closes the connection. */
  leave(...elements: readonly string[]): void {
    if (!this.#leaving) this.send(...elements, this.#footer);
    this.#leaving = true;
  }

  /** Closes the stream and then the connection, like a client that logs out. */
  async close(): Promise<void> {
    if (this.isOpen()) {
      this.leave();
      await this.ended('</stream:stream>', Math.min(this.#options.patience, 2000)).catch(() => undefined);
    }
    this.#wire.cut();
  }

  /** Drops the connection and leaves the stream open: destroys it, ends it with FIN (or the WebSocket's close), or resets it. */
  cut(how: 'destroy' | 'end' | 'reset' = 'destroy'): void {
    this.#log('-', 'we drop the connection');
    if (how === 'destroy') this.#wire.cut();
    else if (how === 'reset') this.#wire.reset();
    else this.#wire.end();
    this.#arrivals.end(false, 'we dropped the connection');
  }

  /** The id in the last stream header of the server. */
  streamId(): string | undefined {
    return this.#streamId;
  }

  /** Reads text that arrived on the connection. */
  read(text: string): void {
    this.#reader.write(text);
  }

  /** Called for each element, before any wait sees it. */
  protected abstract heard(element: Element): void;

  #newReader(): Reader {
    const listener: ReaderListener = {
      header: (attrs) => {
        this.#streamId = attrs.id;
      },
      element: (element, raw) => this.#hear(element, raw),
      footer: () => this.#closed(),
      rest: (text) => this.#reader.write(text),
      fault: (reason, raw) => this.#malformed(reason, raw),
    };
    // Each WebSocket message is a document of its own.
    if (this.#wire.framed) return { write: (message) => createReader(0, listener).write(message), finish() {} };
    return createReader(1, listener);
  }

  #hear(element: Element, raw: string): void {
    this.#log('<', raw);
    const { ns, name, attrs } = element;
    if (ns === NS.framing && name === 'open') {
      this.#streamId = attrs.id;
      return;
    }
    if (ns === NS.framing && name === 'close') {
      this.#closed();
      return;
    }
    // A new XML document begins after <success/> (RFC 6120 section 6.4.6).
    if (ns === NS.sasl && name === 'success' && !this.#wire.framed) {
      this.#reader.finish();
      this.#reader = this.#newReader();
    }
    this.heard(element);
    this.#arrivals.add(element);
  }

  #closed(): void {
    this.#arrivals.end(true, 'the stream closed');
    if (!this.#leaving) this.#wire.write([this.#footer]);
    this.#wire.end();
  }

  #malformed(reason: string, raw: string): void {
    this.#log('<', raw);
    this.#log('-', `what came is not well-formed: ${reason}`);
    this.#arrivals.end(false, `XML that is not well-formed (${reason.split(/[:.] /).at(-1)})`);
    this.#wire.cut();
  }

  #log(what: '>' | '<' | '-', text: string): void {
    this.#options.transcript.add(this.#options.name, what, text);
  }
}
