/**
 * The reference model: XEP-0198 as a naive mutable object, written from the clauses and the design alone. Counters are numbers
 * that never wrap; they wrap only where they are written to the wire.
 */
import type { Effect, Policy } from '../../../src/index.js';

/** Where the stream stands. A client that hibernates goes through these phases again with `asleep` set. */
export type Phase =
  | 'unlinked'
  | 'unauthenticated'
  | 'authenticated'
  | 'verified'
  | 'bound'
  | 'enabling'
  | 'granting'
  | 'claiming'
  | 'cancelling'
  | 'resuming'
  | 'enabled'
  | 'unmanaged'
  | 'ended';

export interface Sent {
  readonly xml: string;
  readonly kind: 'message' | 'presence' | 'iq';
  readonly type: string;
  readonly key: string | null;
  readonly at: number;
}

/** An `<r/>`, `<enable/>` or `<resume/>` of ours that waits for its answer. */
export interface Question {
  readonly kind: 'r' | 'request';
  readonly since: number;
  overdue: boolean;
  dead: boolean;
}

export interface Timers {
  ackIdle: number | null;
  ackWait: number | null;
  overflowGrace: number | null;
  resumption: number | null;
  storeWait: number | null;
}

export const NO_TIMERS: Timers = {
  ackIdle: null,
  ackWait: null,
  overflowGrace: null,
  resumption: null,
  storeWait: null,
};

/** What outlives a link, and what the store carries from one link to the next. */
export interface Core {
  owner: string | null;
  smId: string | null;
  max: number;
  location: string | null;
  received: number;
  /** Every inbound stanza up to this one is handled. */
  handled: number;
  /** The inbound stanzas above `handled` that are handled already. */
  ahead: Set<number>;
  /** The last position that was given to a stanza. */
  position: number;
  /** Which inbound stanza of this session each position means. */
  positions: Map<number, number>;
  acked: number;
  /** Where `acked` began. */
  ackedFrom: number;
  queue: Sent[];
  written: number;
  /** The session comes from a record, and no resumption has succeeded since: the peer may know of more than the record does. */
  restored: boolean;
}

/** What the clauses leave free in one step. */
export interface Choices {
  /** A question follows. */
  readonly asks: boolean;
  /** A stanza that may wait is written all the same. */
  readonly writes: boolean;
  /** So many stanzas are taken off the queue by the h of a claim whose link is gone: all that it covers, or none. */
  readonly trims: number;
}

export interface Model {
  readonly role: 'client' | 'server';
  readonly policy: Policy;
  phase: Phase;
  /** The session waits for its resumption. */
  asleep: boolean;
  superseded: boolean;
  epoch: number;
  /** The highest epoch that this session had: an older one never comes back. */
  lastEpoch: number;
  sm2: boolean;
  inactive: boolean;
  core: Core;
  /** The values of the request that waits for the store. */
  request: { previd: string; h: number; max: number | null; sm2: boolean; resumable: boolean };
  /** The phase to which a refused request leads back. */
  back: Phase;
  /** The embedder closed while the store had yet to answer. */
  closed: boolean;
  question: Question | null;
  /** The send count at the last `<r/>` of this link, or the last h when that is higher. */
  askedUpTo: number;
  /** On this link a report has said that the queue grows full. */
  toldPressure: boolean;
  /** Stanzas that the peer sends again although this process has them. */
  duplicates: number;
  timers: Timers;
  choices: Choices | null;
  /** What the present step has brought about. */
  out: Effect[];
}

export const NO_REQUEST: Model['request'] = { previd: '', h: 0, max: null, sm2: false, resumable: false };

export const freshCore = (policy: Policy, position = 0): Core => ({
  owner: null,
  smId: null,
  max: 0,
  location: null,
  received: policy.initialCount,
  handled: policy.initialCount,
  ahead: new Set(),
  position,
  positions: new Map(),
  acked: policy.initialCount,
  ackedFrom: policy.initialCount,
  queue: [],
  written: 0,
  restored: false,
});

export const freshModel = (role: 'client' | 'server', policy: Policy, epoch = 0): Model => ({
  role,
  policy,
  phase: role === 'server' ? 'unauthenticated' : 'unlinked',
  asleep: false,
  superseded: false,
  epoch: role === 'server' ? epoch : 0,
  lastEpoch: role === 'server' ? epoch : 0,
  sm2: false,
  inactive: false,
  core: freshCore(policy),
  request: NO_REQUEST,
  back: 'bound',
  closed: false,
  question: null,
  askedUpTo: policy.initialCount,
  toldPressure: false,
  duplicates: 0,
  timers: { ...NO_TIMERS },
  choices: null,
  out: [],
});

/** A copy that shares nothing with its original. */
export const copyCore = (core: Core): Core => ({
  ...core,
  ahead: new Set(core.ahead),
  positions: new Map(core.positions),
  queue: [...core.queue],
});

export const size = (core: Core) => core.queue.reduce((sum, { xml }) => sum + xml.length, 0);
