/** `@xmpp/client` ships no types: what the tests use of it. */
declare module '@xmpp/client' {
  import type { Element } from 'ltx';

  type Listener = (...args: never[]) => void;

  export interface Client {
    status: string;
    timeout: number;
    jid: { toString(): string } | null;
    socket: unknown;
    reconnect: { delay: number; stop(): void };
    iqCaller: { request(stanza: Element, timeout?: number): Promise<Element> };
    streamManagement: { enabled: boolean; enableSent: boolean; id: string; outbound: number; outbound_q: unknown[] };
    middleware: { filter(filter: (context: { stanza: Element }, next: () => unknown) => unknown): void };
    start(): Promise<unknown>;
    stop(): Promise<unknown>;
    disconnect(): Promise<unknown>;
    isSecure(): boolean;
    send(element: Element): Promise<void>;
    sendMany(elements: Iterable<Element>): Promise<void>;
    on(event: string, listener: Listener): this;
    once(event: string, listener: Listener): this;
    off(event: string, listener: Listener): this;
  }

  export function client(options: object): Client;
  export function xml(name: string, attrs?: object, ...children: (Element | string)[]): Element;
}
