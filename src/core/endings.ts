/** How streams and sessions end (A-10, C-1 to C-3), and what is said about misuse. */
import { tooHigh } from './acks.js';
import { type PeerViolation, peerViolation } from './failures.js';
import { type Action, changed, type Guard, type Outcome, on, report, unchanged } from './outcome.js';
import { amend, amendLink, NO_LINK, type Session, sent } from './session.js';
import { toArray } from './unacked.js';

/** The stream errors after which a client may still get its session back, or learn its last h. */
const SURVIVABLE: readonly string[] = ['system-shutdown', 'reset', 'connection-timeout', 'internal-server-error'];

export const mayReturn: Guard = (session, event) =>
  event.type === 'peer.error' && session.smId !== null && SURVIVABLE.includes(event.condition);

/** Law 6: what belongs to a connection dies with it. */
export const dropLink: Action = (session) => unchanged(amend(session, { link: NO_LINK }));

export const closeStream: Action = (session, event) => {
  const { epoch } = session.link;
  const close = { type: 'link.close', epoch, graceful: true } as const;
  if (event.type !== 'app.close' || event.error === undefined) return changed(session, close);
  return changed(session, { type: 'stream.error', epoch, violation: peerViolation(event.error, '') }, close);
};

/** A link that answers nothing is not closed politely: that would wait for it. */
export const destroyLink: Action = (session) =>
  changed(session, { type: 'link.close', epoch: session.link.epoch, graceful: false });

/** S-3, A-7: what was wrong was found by whoever read the element. */
export const writeViolation: Action = on(['peer.violation'], (session, event) => fail(session, event.violation));

/** */
export const writeTooHigh: Action = on(['peer.a', 'peer.resumed'], (session, event) =>
  event.h === undefined ? unchanged(session) : fail(session, tooHigh(event.h, sent(session))),
);

/** */
export const writeMissingCount: Action = (session) =>
  fail(session, peerViolation('invalid-xml', "'h' of <a/> is not an unsignedInt"));

/** M-10. */
export const writeOverflow: Action = (session) =>
  fail(session, peerViolation('policy-violation', 'Too many unacknowledged stanzas'));

/** E-9, when policy says so. */
export const writeSecondEnable: Action = (session) =>
  fail(session, peerViolation('policy-violation', 'Stream management is enabled already'));

/** a `<resumed/>` that we cannot go on from. */
export const writeBadResumed: Action = (session) =>
  fail(session, peerViolation('undefined-condition', 'This is not the session that was to be resumed'));

/** The link broke while the answer to `<resume/>` was awaited, and the session's time is over. */
export const resumptionIsOver: Guard = (session, event) =>
  session.timers.resumption !== null && event.at >= session.timers.resumption;

export const hibernateInStore: Action = (session) =>
  session.owner === null || session.smId === null
    ? unchanged(session)
    : changed(session, { type: 'store.hibernate', owner: session.owner, smId: session.smId });

/** the h outlives the session. */
export const expireInStore: Action = (session) =>
  session.owner === null || session.smId === null
    ? unchanged(session)
    : changed(session, { type: 'store.expire', owner: session.owner, smId: session.smId, h: session.handled });

export const forgetInStore: Action = (session) =>
  session.owner === null || session.smId === null
    ? unchanged(session)
    : changed(session, { type: 'store.forget', owner: session.owner, smId: session.smId });

export const reportHibernationStart: Action = (session, event) =>
  changed(
    session,
    report({
      type: 'hibernationStart',
      until: session.timers.resumption ?? event.at + session.max * 1000,
      unacked: session.unacked.length,
      stanzas: toArray(session.unacked),
    }),
  );

export const reportHibernationEnd: Action = (session) =>
  changed(session, report({ type: 'hibernationEnd', resumed: false }));

export const reportReturn: Action = (session) => changed(session, report({ type: 'hibernationEnd', resumed: true }));

export const reportExpired: Action = (session) => changed(session, report({ type: 'expired' }));

export const reportEvicted: Action = (session) => changed(session, report({ type: 'evicted' }));

export const reportEnded: Action = (session) => changed(session, report({ type: 'ended' }));

/** The embedder sent something that has no meaning in this state; nothing changes. */
export const reportMisuse: Action = (session, event) =>
  changed(
    session,
    report({
      type: 'misuse',
      failure: { kind: 'localMisuse', event: event.type, reason: `${event.type} has no meaning in the present state` },
    }),
  );

export const markInactive: Action = (session) => unchanged(amendLink(session, { inactive: true }));
export const markActive: Action = (session) => unchanged(amendLink(session, { inactive: false }));

/** Nothing to do, and that is right. */
export const ignore: Action = (session) => unchanged(session);

const fail = (session: Session, violation: PeerViolation): Outcome =>
  changed(
    session,
    report({ type: 'violation', failure: violation }),
    { type: 'stream.error', epoch: session.link.epoch, violation },
    { type: 'link.close', epoch: session.link.epoch, graceful: true },
  );
