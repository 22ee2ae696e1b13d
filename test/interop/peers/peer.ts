/** A server that others wrote, as the tests see it. */

/** How a client reaches it. */
export type Transport = 'TCP' | 'STARTTLS' | 'direct TLS' | 'WebSocket';

export const TRANSPORTS: readonly Transport[] = ['TCP', 'STARTTLS', 'direct TLS', 'WebSocket'];

/**
 * What its sessions are like: how long they are kept, and how many stanzas their queues hold. Two are for `smacks check`: `checked`, and
 * `resent`, where ejabberd sends again what an expired session leaves over. Two are for the benchmarks: `wide`, where a queue may grow as long as
 * a burst makes it, and `hashed`, where passwords are kept as keys of SCRAM-SHA-1 and not in plain.
 */
export type Life = 'long' | 'short' | 'narrow' | 'checked' | 'resent' | 'wide' | 'hashed';

/** Those of the tests. */
export const LIVES: readonly Life[] = ['long', 'short', 'narrow', 'checked', 'resent'];

/** Seconds. A client that comes back within the short one must have the time to log in. */
export const HIBERNATION_TIME: Readonly<Record<Life, number>> = {
  long: 60,
  short: 4,
  narrow: 60,
  checked: 5,
  resent: 5,
  wide: 300,
  hashed: 300,
};

export const QUEUE_LIMIT = 5;

/** Stanzas; without one the server's own default holds. */
export const QUEUE_LIMITS: Readonly<Partial<Record<Life, number>>> = {
  narrow: QUEUE_LIMIT,
  checked: 30,
  hashed: 2000,
};

/** Of SCRAM, where keys are kept. */
export const ITERATIONS = 4096;

/** Where to connect, and what to ask for there. */
export interface Entrance {
  readonly transport: Transport;
  readonly domain: string;
  readonly port: number;
  /** The path of the WebSocket. */
  readonly path: string;
  /** PEM of the certificate that the server shows. */
  readonly ca: string;
}

/** A running server. */
export interface Peer {
  readonly pid: number;
  entrance(transport: Transport, life: Life): Entrance;
  stop(): Promise<void>;
}

/** A kind of server. */
export interface PeerKind {
  readonly name: string;
  /** Why it cannot be run here; undefined when it can. */
  readonly missing: string | undefined;
  /**
   * Every host knows `user1` to `user<users>`, all with PASSWORD.
   * @param lives one host for each; LIVES by default
   * @returns rejects with what the server said when it does not come up
   */
  start(users: number, lives?: readonly Life[]): Promise<Peer>;
}

export const PASSWORD = 'secret';

export const userNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `user${index + 1}`);

export type Mechanism = 'PLAIN' | 'SCRAM-SHA-1';

/** Each is used somewhere; SCRAM costs xmpp.js most of a second of computing, and many on a busy machine: not where time matters. */
export const mechanismFor = (transport: Transport): Mechanism => (transport === 'STARTTLS' ? 'SCRAM-SHA-1' : 'PLAIN');
