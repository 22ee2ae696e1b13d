/**
 * One stream as the check sees it: every received element, in order, and waits that name the expected element. Each wait has
 * a time limit and ends when the stream ends.
 */
import { Finding } from './finding.js';
import type { Transcript } from './transcript.js';
import { type Match, streamError, summary } from './wire/conditions.js';
import { createReader, type Element, escapeXml, type Reader } from './wire/element.js';
import { NS } from './wire/namespaces.js';
import type { Wire, WireListener } from './wire/wire.js';

export interface StreamOptions {
  readonly name: string;
  readonly domain: string;
  readonly transcript: Transcript;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  dial(listener: WireListener): Promise<Wire>;
  /** Called for each element, before any wait sees it. */
  heard(element: Element): void;
}

/** How a stream ended. */
export interface Ending {
  /** The stream error that the server sent before the end. */
  readonly error: Element | undefined;
  /** Whether the server closed the stream, and not only the connection. */
  readonly closed: boolean;
}

export interface XmppStream {
  /** All elements that arrived on this connection. */
  readonly seen: readonly Element[];
  /** The stream header that the client sends. */
  readonly header: string;
  /** Sends a stream header and waits for the features. */
  open(): Promise<Element>;
  /** Sends exactly these elements in one write (over WebSocket: each in a message of its own). */
  send(...elements: readonly string[]): void;
  /**
   * Takes the first matching element that no earlier wait has taken.
   * @param what the expected element in words, for the report
   * @returns rejects with a Finding when the element does not arrive in time, or when the stream ends
   */
  receive(what: string, match: Match, within?: number): Promise<Element>;
  /** Drops the matching elements that have arrived, so that later waits do not take them. */
  forget(match: Match): void;
  /** Waits for the stream to end. @param what the expected end in words, for the report */
  ended(what: string, within?: number): Promise<Ending>;
  /** Watches for `during` milliseconds. @returns rejects with a Finding when a matching element arrives or has arrived */
  silent(what: string, match: Match, during: number): Promise<void>;
  /** Whether the stream can still send. */
  isOpen(): boolean;
  /** Upgrades the connection to TLS. */
  secure(): Promise<void>;
  /** Sends these elements and closes the stream in the same write. The server then closes the connection. */
  leave(...elements: readonly string[]): void;
  /** Closes the stream and then the connection, like a client that logs out. */
  close(): Promise<void>;
  /** Drops the connection and leaves the stream open: destroys it, ends it with FIN (or the WebSocket's close), or resets it. */
  cut(how?: 'destroy' | 'end' | 'reset'): void;
  /** The id in the last stream header of the server. */
  streamId(): string | undefined;
}

export const openStream = async (options: StreamOptions): Promise<XmppStream> => {
  const { name, transcript, patience, domain } = options;
  const seen: Element[] = [];
  const inbox: Element[] = [];
  const waits = new Set<Wait>();
  const awaitingEnd = new Set<(ending: Ending) => void>();
  let ending: Ending | undefined;
  let error: Element | undefined;
  let reader: Reader | undefined;
  let streamId: string | undefined;
  let leaving = false;

  const hear = (element: Element, raw: string): void => {
    transcript.add(name, '<', raw);
    if (element.ns === NS.framing && element.name === 'open') {
      streamId = element.attrs.id;
      return;
    }
    if (element.ns === NS.framing && element.name === 'close') {
      footer();
      return;
    }
    seen.push(element);
    if (streamError(element)) error = element;
    // A new XML document begins after <success/> (RFC 6120 section 6.4.6).
    if (element.ns === NS.sasl && element.name === 'success' && !wire.framed) {
      reader?.finish();
      begin();
    }
    options.heard(element);
    const wait = [...waits].find(({ match }) => match(element));
    if (wait === undefined) inbox.push(element);
    else wait.settle(element);
    if (streamError(element)) for (const { give } of [...waits]) give(`${summary(element)}`);
  };

  const over = (closed: boolean, why: string): void => {
    if (ending !== undefined) return;
    ending = { error, closed };
    for (const { give } of [...waits]) give(why);
    for (const tell of awaitingEnd) tell(ending);
  };

  const footer = (): void => {
    over(true, 'the stream closed');
    if (!leaving) wire.write([footerText]);
    wire.end();
  };

  const begin = (): void => {
    const listener = {
      header(attrs: Readonly<Record<string, string>>) {
        streamId = attrs.id;
      },
      element: hear,
      footer,
      rest: (text: string) => reader?.write(text),
      fault(reason: string, raw: string) {
        transcript.add(name, '<', raw);
        transcript.add(name, '-', `what came is not well-formed: ${reason}`);
        over(false, `XML that is not well-formed (${reason.split(/[:.] /).at(-1)})`);
        wire.cut();
      },
    };
    reader = wire.framed
      ? { write: (message) => createReader(0, listener).write(message), finish() {} }
      : createReader(1, listener);
  };

  const wire = await options.dial({
    text: (text) => reader?.write(text),
    gone(reason) {
      transcript.add(name, '-', `connection gone: ${reason}`);
      over(false, 'the connection was closed');
    },
  });
  begin();

  const to = escapeXml(domain);
  const header = wire.framed
    ? `<open xmlns='${NS.framing}' to='${to}' version='1.0'/>`
    : `<?xml version='1.0'?><stream:stream xmlns='${NS.client}' xmlns:stream='${NS.stream}' to='${to}' version='1.0'>`;
  const footerText = wire.framed ? `<close xmlns='${NS.framing}'/>` : '</stream:stream>';

  const send = (...elements: readonly string[]): void => {
    transcript.add(name, '>', elements.join(wire.framed ? '\n' : ''));
    wire.write(elements);
  };

  const leave = (...elements: readonly string[]): void => {
    if (!leaving) send(...elements, footerText);
    leaving = true;
  };

  const receive = (what: string, match: Match, within = patience): Promise<Element> => {
    const index = inbox.findIndex(match);
    const [early] = index < 0 ? [] : inbox.splice(index, 1);
    if (early !== undefined) return Promise.resolve(early);
    if (ending !== undefined || error !== undefined) {
      return Promise.reject(new Finding('fail', what, error ? summary(error) : 'the connection was closed'));
    }
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(late);
        waits.delete(wait);
      };
      const wait: Wait = {
        match,
        settle(element) {
          done();
          resolve(element);
        },
        give(found) {
          done();
          transcript.add(name, '-', `waited for ${what}`);
          reject(new Finding('fail', what, found));
        },
      };
      const late = setTimeout(() => wait.give('no answer'), within);
      waits.add(wait);
    });
  };

  const ended = (what: string, within = patience): Promise<Ending> => {
    if (ending !== undefined) return Promise.resolve(ending);
    return new Promise((resolve, reject) => {
      const tell = (how: Ending): void => {
        clearTimeout(late);
        awaitingEnd.delete(tell);
        resolve(how);
      };
      const late = setTimeout(() => {
        awaitingEnd.delete(tell);
        reject(new Finding('fail', what, 'the stream goes on'));
      }, within);
      awaitingEnd.add(tell);
    });
  };

  return {
    seen,
    header,
    open() {
      begin();
      send(header);
      return receive('stream features', ({ ns, name: local }) => ns === NS.stream && local === 'features');
    },
    send,
    receive,
    forget(match) {
      for (let index = inbox.findIndex(match); index >= 0; index = inbox.findIndex(match)) inbox.splice(index, 1);
    },
    ended,
    async silent(what, match, during) {
      const found = inbox.find(match) ?? (await receive(what, match, during).catch(() => undefined));
      if (found !== undefined) throw new Finding('fail', what, summary(found));
    },
    streamId: () => streamId,
    isOpen: () => ending === undefined,
    async secure() {
      await wire.startTls?.();
      transcript.add(name, '-', 'TLS');
    },
    leave,
    async close() {
      if (ending === undefined) {
        leave();
        await ended('</stream:stream>', Math.min(patience, 2000)).catch(() => undefined);
      }
      wire.cut();
    },
    cut(how = 'destroy') {
      transcript.add(name, '-', 'we drop the connection');
      if (how === 'destroy') wire.cut();
      else if (how === 'reset') wire.reset();
      else wire.end();
      over(false, 'we dropped the connection');
    },
  };
};

interface Wait {
  readonly match: Match;
  settle(element: Element): void;
  give(found: string): void;
}
