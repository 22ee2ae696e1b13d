import type { XmppClient } from '../../drop-ins/xmppjs/stream-management.js';
import type { Element } from '../../xml.js';
import { loadOptional } from '../optional-package.js';

/** The part of `@xmpp/client` that the demo uses. The package has no types of its own. */
export interface Xmppjs {
  client(options: {
    readonly service: string;
    readonly domain: string;
    readonly resource: string;
    readonly username: string;
    readonly password: string;
  }): DemoClient;
  xml(name: string, attrs: Readonly<Record<string, string>>, ...children: (Element | string)[]): Element;
}

export interface DemoClient extends XmppClient {
  /** `delay` is in milliseconds. */
  readonly reconnect: { delay: number; stop(): void };
  /** Resolves with the full JID when the client is online. */
  start(): Promise<{ toString(): string }>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'stanza', listener: (stanza: Element) => void): unknown;
}

/** @returns rejects with Failure when `@xmpp/client` is not installed */
export const loadXmppjs = (): Promise<Xmppjs> => loadOptional('@xmpp/client', 'the demo');
