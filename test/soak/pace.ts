/** How hard the soak is. Two cores bear it with a thousand sessions: the host has one, the clients and their wires the other. */
import type { Policy } from '../../src/index.js';

/** Messages that each session sends in a second. */
export const MESSAGES_PER_SECOND = 1;

/** The share of the sessions that has a bad time at any moment. */
export const BAD_SHARE = 0.1;

/** Seconds in which bad times go round all sessions once. */
export const ROUND = 30;

/** Nobody is cut while a greater share of the sessions is away: on a busy machine it takes them longer to come back. */
export const MOST_AWAY = 0.1;

/** Milliseconds from one look at a session in its bad time, or its return, to its next cut: from, to. */
export const CUT_AFTER = [50, 450] as const;

/** How often a connection is cut while it is only coming back. */
export const EARLY_CUTS = 0.1;

/** Milliseconds into such a connection: from, to. */
export const EARLY_CUT_AFTER = [0, 10] as const;

/** The share of cuts that nobody is told of. They are few, because each keeps its session away for as long as `deadAfter`. */
export const SILENT_CUTS = 0.03;

/** Seconds between two bursts, of all sessions together. */
export const FLOOD_EVERY = 2;

/** Messages that a burst has. */
export const BURST = 300;

/** The share of bursts that both of a pair send at once. */
export const BOTH_WAYS = 0.5;

/**
 * Milliseconds for which the receiver of a burst is still not cut, when the host has accepted all of it. At its limit, a session without
 * a connection has no room: cutting it would lose it, as docs/3-policy.md says.
 */
export const CALM = 3_000;

/** The share of the members that handle what they get later, and out of order. */
export const DEFERRED = 0.25;

/** Milliseconds from getting a stanza to its handling: from, to. */
export const HANDLED_AFTER = [0, 200] as const;

/** Milliseconds between two looks at what is due. */
export const TICK = 25;

/** How often the host's memory is measured in the time of a run. */
export const SAMPLES = 48;

/** Seconds between two lines of progress. */
export const LINE_EVERY = 5;

/** Sessions that are opened at a time. */
export const BATCH = 100;

/** Milliseconds that messages and receipts may take to settle when all is sent and nothing is cut any more. */
export const SETTLING = 30_000;

/** Milliseconds to wait for doubles after that, and for the host to hear of the last end. */
export const LATE = 1_000;

/** Seconds, as in every policy. A member has room for bursts that it sends while it is away. */
export const CLIENT_POLICY: Partial<Policy> = {
  ackIdle: 0.5,
  maxAckDelay: 1,
  deadAfter: 3,
  maxQueueStanzas: 10 * BURST,
};

/**
 * A session that cannot come back for longer than any cut lasts is a fault of ours, and must not look like an expiry. A burst exceeds
 * the queue: the host slows its sender down.
 */
export const HOST_POLICY: Partial<Policy> = { ackIdle: 0.5, hibernationTime: 120, maxQueueStanzas: BURST / 3 };
