/** What the harness does with a client, whichever it is. */
import type { Random } from '../../../src/testing.js';
import type { Log } from '../log.js';

export type ClientKind = 'raw' | 'xmpp.js';
export type Carrier = 'TCP' | 'WebSocket';

export interface ClientOptions {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly resource: string;
  readonly carrier: Carrier;
  /** Of the wire breaker in front of the server. */
  readonly port: number;
  /** Of the WebSocket. */
  readonly path: string;
  readonly log: Log;
  readonly random: Random;
  /** A new session began: the application sends its presence. */
  onOnline(): void;
  /** Somebody wants to see the presence of the user. */
  onSubscribe(from: string): void;
}

/** An honest client: it keeps its queue, its counts and its SM-ID, comes back by itself after each loss, and resumes. */
export interface Client {
  /** The full JID. */
  readonly name: string;
  /** The session is enabled or resumed, on a connection. */
  readonly isLive: boolean;
  /** It has nothing that the server has not acknowledged. */
  readonly isIdle: boolean;
  /** At any time; a client that is away keeps the stanza. */
  send(xml: string): void;
  start(): void;
  /** Closes the stream and stays away until `start`. */
  leave(): Promise<void>;
  /** Forgets its session, as after a crash: the next connection binds the resource anew. Not every client can. */
  readonly forget?: () => void;
  /** Ends at once. */
  stop(): void;
}

/** Milliseconds before a client connects again: from, to. */
export const RECONNECT_AFTER = [40, 250] as const;
/** Milliseconds after which a server that does not answer is taken for dead. */
export const SILENCE = 2_000;
/** Milliseconds that a login may take. */
export const LOGIN_TIME = 8_000;
/** Milliseconds for which a stanza may go without a request for an ack. */
export const ASK_AFTER = 300;
/** Stanzas before a client asks for an ack. */
export const ASK_EVERY = 5;
