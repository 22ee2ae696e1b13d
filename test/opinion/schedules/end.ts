/** One end of the world: a side with its application, and what is known about it. */
import type { Effect, SmEvent } from '../../../src/index.js';
import { Fates } from '../compare/laws.js';
import type { Counted } from '../model/counting.js';
import type { Lineage } from './lineage.js';
import type { Role, Side } from './side.js';
import type { Connection } from './wire.js';

export type StoreRequest = Extract<Effect, { type: 'store.save' | 'store.claim' }>;

/** A session that the store gives to another end, with all that the observer knows of it. */
export interface GivenSession {
  readonly smId: string;
  readonly session: unknown;
  readonly counted: Counted;
  readonly lineage: Lineage | null;
  readonly fates: Fates;
  readonly toHandle: End['toHandle'];
  readonly stale: number[];
}

export interface End {
  readonly role: Role;
  readonly id: number;
  readonly side: Side;
  fates: Fates;
  lineage: Lineage | null;
  connection: Connection | null;
  /** What was delivered and is not handled yet. */
  toHandle: { readonly position: number; readonly name: string }[];
  /** Positions of a process that is gone: an application may still name them. */
  stale: number[];
  /** The records after the last step, and before it. */
  record: unknown;
  before: unknown;
  /** The client: how far its login is. The server: whether it has a session. */
  stage: 'none' | 'live' | 'asleep' | 'over';
  /** The request that waits for the store. */
  waits: StoreRequest | null;
  /** The session that the store gave to this end: the answer is under way. */
  given: GivenSession | null;
  smId: string | null;
}

export const newEnd = (role: Role, id: number, side: Side): End => ({
  role,
  id,
  side,
  fates: new Fates(),
  lineage: null,
  connection: null,
  toHandle: [],
  stale: [],
  record: side.record(),
  before: side.record(),
  stage: 'none',
  waits: null,
  given: null,
  smId: null,
});

export type Happened = {
  readonly end: End;
  readonly event: SmEvent | { readonly type: 'restart' };
  readonly effects: readonly Effect[];
};
