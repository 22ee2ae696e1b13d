/** What the cases do with a client, whichever it is. */
import type { Policy } from '../../../src/index.js';
import type { Entrance, Mechanism } from '../peers/peer.js';
import type { Reports } from './reports.js';

export interface ClientOptions {
  readonly entrance: Entrance;
  /** The port to connect to: the server's, or that of something before it. */
  readonly port: number;
  readonly user: string;
  readonly resource: string;
  /** Default: as `mechanismFor` has it. */
  readonly mechanism?: Mechanism;
  readonly policy?: Partial<Policy>;
  onMessage?(message: Message): void;
  /** Stream management is enabled, or the session resumed, on the newest connection. */
  onLive?(): void;
  /** The connection is lost. */
  onAway?(): void;
}

export interface Message {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

/** A client that connects again by itself, 50 ms after each loss, and goes on with its session or a new one. */
export interface Client {
  /** The full JID. */
  readonly jid: string;
  readonly reports: Reports;
  /** The messages that came, in order. */
  readonly messages: readonly Message[];
  /** Resolves when this many messages have come. */
  received(count: number): Promise<void>;
  /** Sends a chat message, online or not; `acked` settles with its receipt. */
  send(to: string, id: string, body?: string): { readonly acked: Promise<void> };
  /** Asks the server for an acknowledgement now. */
  probe(): void;
  close(): Promise<void>;
}

/** Resolves when stream management is enabled. */
export type Connect = (options: ClientOptions) => Promise<Client>;

/** Milliseconds before connecting again. */
export const RECONNECT_DELAY = 50;

/** Times short enough that a silent connection is noticed soon; nothing is asked for by the clock alone. */
export const POLICY: Partial<Policy> = { ackIdle: 0.1, maxAckDelay: 0.5, deadAfter: 1 };

export const reasonOf = (error: unknown): string =>
  error instanceof Error && 'reason' in error ? String(error.reason) : String(error);
