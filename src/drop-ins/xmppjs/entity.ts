/** The parts of `@xmpp/client` 0.14 that this adapter uses. The adapter does not import it: the application passes its client in. */
import { check, isObject } from '../../arguments/check.js';
import type { Element } from '../../xml.js';

/** The public part of an xmpp.js client. */
export interface XmppClient {
  /** Connects and logs in. */
  start(): Promise<unknown>;
  /** Closes the stream, and does not connect again. */
  stop(): Promise<unknown>;
  /** Sends an element; with stream management it resolves when the session has accepted the element. */
  send(element: Element): Promise<unknown>;
}

/** The hook points of the client. Names with an underscore are not public, but the modules of xmpp.js use them too. */
export interface Entity extends XmppClient {
  readonly status: string;
  /** The time that xmpp.js gives the peer for each step of closing, in milliseconds. */
  readonly timeout: number;
  readonly options: { service?: string | undefined };
  /** Emits an event right before each attempt to reconnect. */
  readonly reconnect?: { on(event: 'reconnecting', listener: () => void): unknown };
  /** The modules of xmpp.js that put other requests into the requests for authentication and for a resource. */
  readonly sasl2?: Inline;
  readonly bind2?: Inline;
  readonly jid: { bare(): unknown } | null;
  readonly socket: unknown;
  stop: () => Promise<unknown>;
  send: (element: Element) => Promise<void>;
  sendReceive: (element: Element, timeout?: number) => Promise<Element>;
  sendMany: (elements: Iterable<Element>) => Promise<void>;
  write(xml: string): Promise<void>;
  disconnect(): Promise<unknown>;
  hook(event: 'close', handler: () => void): void;
  emit(event: string, argument: unknown): boolean;
  prependListener(event: 'element', listener: (element: Element) => void): unknown;
  prependListener(event: string, listener: () => void): unknown;
  listeners(event: string): readonly ((...given: never[]) => unknown)[];
  removeListener(event: string, listener: (...given: never[]) => unknown): unknown;
  /** Takes every child of the stream root, in wire order. xmpp.js binds it at the first connection, so the adapter replaces it before. */
  _onElement: (element: Element) => void;
  _streamError: (condition: string) => unknown;
  _jid(jid: string): unknown;
  _ready(resumed: boolean): void;
  _detachSocket(): void;
  _status(status: string, detail: unknown): void;
}

interface Inline {
  /** @param ask makes the carried element, for a server that offers it */
  use(xmlns: string, ask: (offer: Element) => Element | undefined, hear: (answer: Element) => void): unknown;
}

/**
 * @throws TypeError when the value is not a client of xmpp.js 0.14
 * @throws Error when the application has already started the client
 */
export const entityOf = (xmpp: XmppClient): Entity => {
  if (!isEntity(xmpp)) return check(false, 'xmpp', 'a client of @xmpp/client 0.14', xmpp) as never;
  if (xmpp.status !== 'offline') throw new Error('stream management has to be set up before the client is started');
  return xmpp;
};

const isEntity = (xmpp: XmppClient): xmpp is Entity =>
  isObject(xmpp) && METHODS.every((name) => typeof Reflect.get(xmpp, name) === 'function');

const METHODS = [
  'stop',
  'send',
  'sendMany',
  'sendReceive',
  'write',
  'disconnect',
  'hook',
  'emit',
  'prependListener',
  'listeners',
  'removeListener',
  '_onElement',
  '_streamError',
  '_jid',
  '_ready',
  '_detachSocket',
  '_status',
];
