/** Acknowledgements of what we sent: asking for them, and what an h means. */
import { type PeerViolation, peerViolation } from './failures.js';
import type { Nonza } from './nonzas.js';
import { type Action, andThen, changed, type Outcome, on, report, unchanged } from './outcome.js';
import { covering, draft, type Session, sent, uncovered, withLink } from './session.js';
import { span, type Uint32 } from './uint32.js';
import { toArray, trim } from './unacked.js';

/** What an h says about a session. */
export type Verdict = 'legal' | 'regressed' | 'tooHigh';

/**
 * The one rule for every h, in `<a/>`, `<resume/>`, `<resumed/>` and `<failed/>`: it may move over stanzas that were written,
 * and it may repeat an h that was given before. That covers wrap, repeat, regress and too high alike.
 */
export const judge = (session: Session, h: Uint32 | undefined): Verdict | 'missing' => {
  if (h === undefined) return 'missing';
  if (span(session.acked, h) <= session.written) return 'legal';
  return span(h, session.acked) <= session.settled ? 'regressed' : 'tooHigh';
};

/** Trims what a legal h covers. */
export const acknowledge = (session: Session, h: Uint32): Outcome => {
  const count = span(session.acked, h);
  if (count === 0) return unchanged(session);
  const { trimmed, rest } = trim(session.unacked, count);
  const next = draft(session);
  next.acked = h;
  next.settled = Math.min(session.settled + count, 2 ** 31);
  next.unacked = rest;
  next.written = session.written - count;
  if (uncovered(session) > next.written) next.link = covering(session.link, h);
  return changed(next, report({ type: 'acknowledged', stanzas: trimmed }));
};

/** Trims, and tells what the resumption found; the rest is to be replayed. */
export const resumeFrom = (session: Session, h: Uint32): Outcome => {
  const acknowledged = span(session.acked, h);
  const replayed = session.unacked.length - acknowledged;
  return andThen(changed(session, report({ type: 'resumed', acknowledged, replayed })), (same) => acknowledge(same, h));
};

/** Takes the peer's h. */
export const trimAcked: Action = (session, event) =>
  event.type !== 'peer.a' || event.h === undefined ? unchanged(session) : acknowledge(session, event.h);

const R: Nonza = { name: 'r' };

/** Asks for an `<a/>`, behind whatever was just written. */
export const requestAck: Action = (session) => {
  const { epoch, xmlns } = session.link;
  const asked = withLink(session, covering(session.link, sent(session)));
  return changed(asked, { type: 'write', epoch, nonza: R, xmlns });
};

/** an h from the past trims nothing. */
export const reportRegressed: Action = on(['peer.a'], (session, event) =>
  changed(
    session,
    report({
      type: 'violation',
      failure: peerViolation(
        'undefined-condition',
        `h ${event.h} is below ${session.acked}, which was acknowledged already`,
      ),
    }),
  ),
);

/** M-4, M-6. */
export const reportAckDelayed: Action = (session) =>
  changed(
    session,
    report({
      type: 'ackDelayed',
      unacked: session.unacked.length,
      stanzas: toArray(session.unacked),
    }),
  );

/** what is sent to a peer that acknowledges more than it was sent. */
export const tooHigh = (h: Uint32, sendCount: Uint32): PeerViolation => ({
  ...peerViolation('undefined-condition', `You acknowledged ${h} stanzas, but only ${sendCount} were sent to you`),
  handledCountTooHigh: { h, sendCount },
});
