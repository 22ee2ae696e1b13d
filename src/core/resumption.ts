/** Chapter 6: `<resume/>` and its answers, at both ends. */
import { acknowledge } from './acking.js';
import { drainsBelow } from './capacity.js';
import { NO_COUNTS } from './count-set.js';
import { fail, returnedFrom, tooHigh } from './ending.js';
import type { SmEvent } from './events.js';
import type { StoreFault } from './failures.js';
import { checkH, type HCheck } from './h.js';
import { expectDuplicates } from './inbound.js';
import type { Nonza } from './nonzas.js';
import { type Action, andThen, changed, type Guard, type Outcome, on, report, tolerate, unchanged } from './outcome.js';
import { amend, amendLink, freshLink, NO_LINK, NO_REQUEST, onLink, type Session, sent } from './session.js';
import { span, type Uint32 } from './uint32.js';
import { append, toArray } from './unacked.js';

/** Another owner authenticated on this stream. The stanzas of one owner must not go to another. */
export const isAnotherOwner: Guard = (session, event) =>
  (event.type === 'app.authenticated' || event.type === 'app.verified') &&
  session.owner !== null &&
  session.owner !== event.owner;

/** `<resume/>` carries our h. The peer then sends the stanzas again that we received and did not handle. */
export const writeResume: Action = (session) =>
  changed(expectDuplicates(session), { type: 'write', ...onLink(session), nonza: resumeOf(session) });

/** I-5: the authentication request carries `<resume/>`. */
export const carryResume: Action = (session) =>
  changed(expectDuplicates(session), { type: 'carry', ...onLink(session), nonza: resumeOf(session) });

/** The authentication request carried `<resume/>`, and the answer to it comes with the authentication outcome. */
export const answersResume: Guard = (_session, event) => event.type === 'app.authenticated' && event.resuming === true;

/** `<resumed/>` names our session, and its h is legal. */
export const resumesOurs: Guard = (session, event) => resumesWith('legal', session, event);

export const resumedTooHigh: Guard = (session, event) => resumesWith('tooHigh', session, event);

/** the h of `<resumed/>` acknowledges like the h of an `<a/>`. */
export const takeResumed: Action = on(['peer.resumed'], (session, event) =>
  event.h === undefined ? unchanged(session) : resumeFrom(session, event.h),
);

/** The h of `<resumed/>` covers stanzas that were written after the record of this session was made. */
export const resumedBeyondRecord: Guard = (session, event) => resumesWith('beyondRecord', session, event);

/**
 * the server has handled every stanza that the h covers. An h that is not legal says nothing. An h beyond the record of a restored
 * session covers every stanza that the record has as written.
 */
export const trimByFailed: Action = on(['peer.failed', 'peer.resumed'], (session, event, _policy, state) => {
  if (event.h === undefined) return unchanged(session);
  switch (checkH(session, event.h)) {
    case 'legal':
      return acknowledge(session, event.h);
    case 'beyondRecord':
      return acknowledge(session, sent(session));
    default:
      return tolerate(session, `h ${event.h} of <failed/> is not between ${session.acked} and ${sent(session)}`, state);
  }
});

/** `h` is null when the server gave none, or one that is not legal: an h that is not legal is no fact. */
export const reportResumptionFailed: Action = (session, event, _policy, state) => {
  const condition = event.type === 'peer.failed' ? (event.condition ?? null) : null;
  const h = event.type === 'peer.failed' || event.type === 'peer.resumed' ? factIn(session, event.h) : null;
  return changed(session, report({ type: 'resumptionFailed', condition, h, state }));
};

/** The action comes after `trimByFailed`: a legal h has become the last h. */
const factIn = (session: Session, h: Uint32 | undefined): Uint32 | null => {
  const check = checkH(session, h);
  return h !== undefined && (check === 'legal' || check === 'beyondRecord') ? h : null;
};

/** The session cannot be resumed any more. The stream and its owner stay. */
export const forgetSession: Action = (session) =>
  unchanged(
    amend(session, {
      smId: null,
      isRestored: false,
      max: 0,
      location: null,
      handledOutOfOrder: NO_COUNTS,
      received: session.handled,
    }),
  );

/** The time in which the server promised to keep the session is over. The server may still have it, or know its last h (design law 10). */
export const reportOverdue: Action = (session) => changed(session, report({ type: 'overdue' }));

/** These stream errors say that the server or the connection ends, and nothing about the session. */
const RESTARTS: readonly string[] = ['system-shutdown', 'reset', 'connection-timeout', 'internal-server-error'];

/** After this stream error a client may still resume its session, or learn the last h from `<failed/>`. */
export const isResumableError: Guard = (session, event) =>
  event.type === 'peer.error' && session.smId !== null && RESTARTS.includes(event.condition);

/** While `<resume/>` waits, a stream error that is no restart is the answer to it. */
export const errorRefusesResumption: Guard = (_session, event) =>
  event.type === 'peer.error' && !RESTARTS.includes(event.condition);

/** the policy allows no resumption. */
export const resumptionIsOff: Guard = (_session, _event, policy) => !policy.resume;

/** Asks the store for the session, and names the owner of this link: no other owner gets it. */
export const askToClaim: Action = on(['peer.resume'], (session, { xmlns, previd, h }) =>
  session.owner === null
    ? unchanged(session)
    : changed(amendLink(session, { request: { ...NO_REQUEST, xmlns, previd, h } }), {
        type: 'store.claim',
        owner: session.owner,
        smId: previd,
        h,
      }),
);

/** The store gave the session that we asked for: it has our owner and our SM-ID, and the h of the client is legal for it. */
export const isOurClaim: Guard = ({ owner, link: { request } }, event) =>
  event.type === 'store.claimed' &&
  event.session.owner === owner &&
  event.session.smId === request.previd &&
  request.h !== null &&
  checkH(event.session, request.h) === 'legal';

/** It is our session, and what the h of the client leaves of its queue is at a limit. */
export const isOurClaimAtLimit: Guard = (session, event, policy) =>
  event.type === 'store.claimed' &&
  isOurClaim(session, event, policy) &&
  !drainsBelow(withHeldOf(session, event.session), session.link.request.h ?? undefined, policy, 1);

/** `<resumed/>` names our session, its h is legal, and what the h leaves of the queue is at a limit. */
export const resumesOursAtLimit: Guard = (session, event, policy) =>
  event.type === 'peer.resumed' && resumesOurs(session, event, policy) && !drainsBelow(session, event.h, policy, 1);

/**
 * the claimed session moves to this link with its counters, and the client's h acknowledges stanzas of it. Stanzas that the
 * embedder sent while the store was asked come after its queue.
 */
export const adopt: Action = on(['store.claimed'], (session, event) => {
  const { epoch, inactive, request } = session.link;
  const link = { ...freshLink(epoch, event.session.acked), xmlns: request.xmlns, inactive };
  const adopted = amend(withHeldOf(session, event.session), { timers: session.timers, isRestored: false, link });
  return resumeFrom(adopted, request.h ?? adopted.acked);
});

/** The stream ended before the store gave the session. The h of the client still acknowledges, and nothing is resumed. */
export const takeClaimed: Action = on(['store.claimed'], (session, event) => {
  const { timers, link } = session;
  const taken = amend(event.session, { timers, link: NO_LINK });
  return acknowledge(taken, link.request.h ?? taken.acked);
});

/** Stanzas that the embedder sent to `session` while the store was asked come after the queue of the claimed session. */
const withHeldOf = (session: Session, claimed: Session): Session =>
  session.unacked.length === 0
    ? claimed
    : amend(claimed, { unacked: toArray(session.unacked).reduce(append, claimed.unacked) });

/** The store gave a session that this link did not ask for, or gave it too late. The session is over, and its queue is returned. */
export const returnStrangeClaim: Action = on(['store.claimed'], (session, event, _policy, state) => {
  const { owner, smId, handled } = event.session;
  const failure: StoreFault = { kind: 'storeFault', reason: 'the store gave a session for which no claim waits' };
  const stanzas = returnedFrom(event.session);
  return changed(
    session,
    report({ type: 'storeFault', failure, state }),
    ...(owner === null || smId === null ? [] : [{ type: 'store.expire', owner, smId, h: handled } as const]),
    ...(stanzas.length === 0 ? [] : [report({ type: 'returned', reason: 'storeFault', stanzas })]),
  );
});

/** The store did not answer in time. */
export const reportStoreTimeout: Action = (session, _event, policy, state) => {
  const reason = `the store gave no answer in ${policy.storeTimeout} s`;
  return changed(session, report({ type: 'storeFault', failure: { kind: 'storeFault', reason }, state }));
};

/** `<resumed/>` comes before the stanzas that are sent again. */
export const writeResumed: Action = (session) =>
  changed(expectDuplicates(session), {
    type: 'write',
    ...onLink(session),
    nonza: { name: 'resumed', previd: session.smId ?? '', h: session.handled },
  });

/** the h of `<resume/>` is too high. The new stream ends, and the claimed session does not change. */
export const failTooHighClaim: Action = on(['store.tooHigh'], (session, event, _policy, state) =>
  fail(session, tooHigh(session.link.request.h ?? event.sendCount, event.sendCount), state),
);

const resumesWith = (check: HCheck, session: Session, event: SmEvent): boolean =>
  event.type === 'peer.resumed' && event.previd === session.smId && checkH(session, event.h) === check;

/** Acknowledges up to `h`, and reports how many stanzas that covers and how many will be replayed. */
const resumeFrom = (session: Session, h: Uint32): Outcome => {
  const acknowledged = span(session.acked, h);
  const replayed = session.unacked.length - acknowledged;
  const resumed = session.isRestored ? amend(session, { isRestored: false }) : session;
  return andThen(changed(resumed, report({ type: 'resumed', acknowledged, replayed })), (same) => acknowledge(same, h));
};

const resumeOf = (session: Session): Nonza => ({ name: 'resume', previd: session.smId ?? '', h: session.handled });
