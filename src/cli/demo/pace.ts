/** How fast the demo goes. Its times are short, so that a silent connection is noticed within a second. */
import type { Policy } from '../../index.js';

/** Durations in seconds, as in every policy. */
export const CLIENT_POLICY: Partial<Policy> = {
  ackIdle: 0.1,
  maxAckDelay: 0.4,
  deadAfter: 0.8,
  maxQueueStanzas: 100_000,
  maxQueueBytes: 64 * 1024 * 1024,
};

export const HOST_POLICY: Partial<Policy> = { ...CLIENT_POLICY, hibernationTime: 60 };

/** Seconds of silence after which a client asks the host: a cut that nobody is told of is noticed although nothing is sent. */
export const PROBE_AFTER = 0.5;

/** Milliseconds xmpp.js waits before it connects again. */
export const RECONNECT_DELAY = 50;

/** Milliseconds between two looks at how many messages are due. */
export const TICK = 10;

/** Milliseconds that messages and receipts may take to settle when all is sent and nothing is cut any more: SCRAM alone takes xmpp.js seconds on a busy machine. */
export const SETTLING = 30_000;

/** Milliseconds to wait for doubles after that. */
export const LATE = 200;

/** The share of the messages that may be sent before the last cut is made: each cut has something behind it to lose. */
export const BEFORE_LAST_CUT = 0.98;

/** Milliseconds that the flow is stretched by at most, for cuts that are late: the demo as it stands ends within a minute and a half. */
export const STRETCH = 25_000;

/** The flow is slowed to this share when cuts are late, because connections take long to come back. */
export const SLOWER = 0.2;

/** How long to send for, in milliseconds: time for every cut to be survived, and at most 500 messages a second each way. */
export const runLength = (messages: number, cuts: number): number => Math.max(300, cuts * 450, messages * 2);
