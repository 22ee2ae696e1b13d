/**
 * What is explored. All things at once are too many, so each family lets a few things happen that can work on each other, and leaves out
 * the others. Every family counts from 2^32-2, so that every counter wraps at its third stanza.
 */
import { type Policy, type PolicyChanges, policy, uint32 } from '../../src/index.js';
import type { Budget, ExploreOptions } from '../../src/testing.js';

export interface Family {
  readonly name: string;
  readonly description: string;
  readonly options: Omit<ExploreOptions, 'bounds' | 'policies'>;
  readonly policies: { readonly client: Policy; readonly server: Policy };
  readonly bounds: Partial<Budget>;
  /** With `--large`. */
  readonly largeBounds: Partial<Budget>;
}

/** An `<r/>` comes when `ackIdle` fires, which is at any time, or with a resumption. */
const near = (changes: PolicyChanges = {}): Policy =>
  policy({ initialCount: uint32(2 ** 32 - 2), maxUnackedStanzas: 100, ...changes });

const of = (clientSends: number, serverSends: number, cuts: number, more: Partial<Budget> = {}): Partial<Budget> => ({
  clientSends,
  serverSends,
  cuts,
  ...more,
});

const family = (
  name: string,
  description: string,
  bounds: Partial<Budget>,
  largeBounds: Partial<Budget>,
  options: Family['options'] & { readonly policy?: PolicyChanges } = {},
): Family => {
  const { policy: changes, ...others } = options;
  const both = near(changes);
  return { name, description, bounds, largeBounds, options: others, policies: { client: both, server: both } };
};

export const families: readonly Family[] = [
  family(
    'base',
    'stanzas both ways, and cuts at any point of negotiation, answers and replay',
    of(3, 3, 3),
    of(4, 3, 3),
  ),
  family('store', 'the same, and the store takes its time', of(2, 2, 2), of(3, 3, 2), { slowStore: true }),
  family(
    'takeover',
    'the client resumes while the server does not know of the cut, and the store takes its time',
    of(2, 1, 2),
    of(2, 2, 3),
    { lateCuts: true, slowStore: true },
  ),
  family('inline', 'logins with SASL2 and classic ones, the store takes its time', of(2, 2, 2), of(3, 3, 2), {
    logins: ['classic', 'inline'],
    slowStore: true,
  }),
  family('deferred', 'applications handle what they got later, in any order', of(2, 2, 2), of(3, 3, 1), {
    policy: { deferHandling: true },
  }),
  family(
    'restart',
    'the same, and processes end and continue from their records',
    of(2, 1, 0, { clientRestarts: 1, serverRestarts: 1 }),
    of(2, 1, 1, { clientRestarts: 1, serverRestarts: 2 }),
    { policy: { deferHandling: true } },
  ),
  family(
    'stale-words',
    'the same, and applications name positions of the process before',
    of(1, 1, 0, { clientRestarts: 1, serverRestarts: 1, staleWords: 2 }),
    of(1, 2, 0, { clientRestarts: 1, serverRestarts: 1, staleWords: 2 }),
    { policy: { deferHandling: true } },
  ),
  family(
    'old-record',
    'the client continues from a record that is older than what it wrote',
    of(2, 1, 1, { clientRestarts: 1, records: 1 }),
    of(3, 2, 2, { clientRestarts: 2, records: 2 }),
  ),
  family('refusals', 'the store fails', of(2, 1, 2, { refusals: 2 }), of(2, 2, 3, { refusals: 3 }), {
    slowStore: true,
    logins: ['classic', 'inline'],
  }),
  family(
    'lies',
    'the store fails, and <failed/> tells an h that cannot be',
    of(2, 1, 2, { refusals: 1, lies: 1 }),
    of(2, 2, 2, { refusals: 2, lies: 2 }),
    // The client may call that a violation.
    { except: ['peace'] },
  ),
  family(
    'late-store',
    'the store fails a claim and then gives the session',
    of(2, 1, 2, { lateAnswers: 1 }),
    of(2, 2, 3, { lateAnswers: 2 }),
    // The session may call the late answer a fault of the store.
    { slowStore: true, except: ['peace'] },
  ),
  family(
    'lost-queue',
    'the store calls every claim of a session too high; no time runs out',
    of(2, 1, 2, { lostQueues: 1 }),
    of(3, 2, 2, { lostQueues: 1 }),
    // Each end may call that a violation of the other.
    { except: ['peace'] },
  ),
  family(
    'expiry',
    'the time of a session is over at either end, or its store evicts it',
    of(2, 1, 2, { expiries: 1 }),
    of(2, 2, 3, { expiries: 2 }),
    { lateCuts: true, timers: ['ackIdle', 'resumption'] },
  ),
  family(
    'dead-links',
    'answers to <r/>, <enable/> and <resume/> do not come, and the connection is given up',
    of(1, 1, 0),
    of(1, 1, 1),
    { lateCuts: true, timers: ['ackIdle', 'ackWait'] },
  ),
  family(
    'full-queue',
    'queues of two stanzas are full, a grace period ends, a client is inactive',
    of(1, 3, 1, { inactivity: 1 }),
    of(3, 4, 1, { inactivity: 2, requests: 1 }),
    // A queue that stays full is a violation of the peer.
    { except: ['peace'], timers: ['ackIdle', 'overflowGrace'], policy: { maxQueueStanzas: 2, maxUnackedStanzas: 1 } },
  ),
  family(
    'inactive',
    'a full queue of a client that is inactive and handles late',
    of(0, 3, 0, { inactivity: 1 }),
    of(1, 3, 1, { inactivity: 2 }),
    {
      except: ['peace'],
      timers: ['ackIdle', 'overflowGrace'],
      policy: { maxQueueStanzas: 2, maxUnackedStanzas: 1, deferHandling: true },
    },
  ),
  family(
    'closing',
    'applications close sessions, also while the store is asked',
    of(1, 1, 1, { closes: 2 }),
    of(2, 1, 1, { closes: 2 }),
    { slowStore: true, logins: ['classic', 'inline'] },
  ),
  family('early-sends', 'the server sends before stream management is on', of(1, 2, 1), of(2, 3, 2), {
    earlySends: true,
    slowStore: true,
  }),
  family(
    'strays',
    'the client writes an <enable/> that has to be refused, in an old version',
    of(1, 1, 1, { strays: 1 }),
    of(2, 2, 2, { strays: 2 }),
  ),
];
