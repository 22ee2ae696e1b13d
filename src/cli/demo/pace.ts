/** The pace of the demo. Its times are short, so that a client notices a silent connection within a second. */
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

/** Seconds of silence after which a client asks the host. So a client that sends nothing still notices a silent cut. */
export const PROBE_AFTER = 0.5;

/** Milliseconds that xmpp.js waits before it connects again. */
export const RECONNECT_DELAY = 50;

/** Milliseconds between two checks of how many messages are due. */
export const TICK = 10;

/**
 * Milliseconds that messages and receipts may take to settle after the last message and the last cut. The time is long
 * because SCRAM alone takes xmpp.js seconds on a busy machine.
 */
export const SETTLING = 30_000;

/** Milliseconds that the demo waits for doubles after all messages have settled. */
export const LATE = 200;

/**
 * The share of the messages that the demo may send before the last cut. The rest is sent after it, so each cut can lose
 * messages.
 */
export const BEFORE_LAST_CUT = 0.98;

/**
 * The longest time, in milliseconds, that late cuts may add to the flow. With it, the demo ends within a minute and a
 * half.
 */
export const STRETCH = 25_000;

/** The share to which the flow slows down when cuts are late, because connections take long to come back. */
export const SLOWER = 0.2;

/**
 * The length of the flow in milliseconds: enough time to recover from every cut, and at most 500 messages a second each
 * way.
 */
export const runLength = (messages: number, cuts: number): number => Math.max(300, cuts * 450, messages * 2);
