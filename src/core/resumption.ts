/** Chapter 6: `<resume/>` and its answers, at both ends. */
import { acknowledge } from './acking.js';
import { fail, tooHigh } from './ending.js';
import { checkH } from './h.js';
import { expectDuplicates } from './inbound.js';
import type { Nonza } from './nonzas.js';
import { type Action, andThen, changed, type Guard, type Outcome, on, report, unchanged } from './outcome.js';
import { amend, amendLink, freshLink, NONE_OUT_OF_ORDER, onLink, type Session } from './session.js';
import { span, type Uint32 } from './uint32.js';

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
export const resumesOurs: Guard = (session, event) =>
  event.type === 'peer.resumed' && event.previd === session.smId && checkH(session, event.h) === 'legal';

export const resumedTooHigh: Guard = (session, event) =>
  event.type === 'peer.resumed' && event.previd === session.smId && checkH(session, event.h) === 'tooHigh';

/** the h of `<resumed/>` acknowledges like the h of an `<a/>`. */
export const takeResumed: Action = on(['peer.resumed'], (session, event) =>
  event.h === undefined ? unchanged(session) : resumeFrom(session, event.h),
);

/** the server has handled every stanza that a legal h of `<failed/>` covers. An h that is not legal is ignored. */
export const trimByFailed: Action = on(['peer.failed'], (session, event) =>
  event.h !== undefined && checkH(session, event.h) === 'legal' ? acknowledge(session, event.h) : unchanged(session),
);

export const reportResumptionFailed: Action = on(['peer.failed'], (session, event, _policy, state) => {
  const { condition = null, h = null } = event;
  return changed(session, report({ type: 'resumptionFailed', condition, h, state }));
});

/** The session cannot be resumed any more. The stream and its owner stay. */
export const forgetSession: Action = (session) =>
  unchanged(
    amend(session, {
      smId: null,
      max: 0,
      location: null,
      handledOutOfOrder: NONE_OUT_OF_ORDER,
      received: session.handled,
    }),
  );

/** The time to resume the session is over. */
export const resumptionIsOver: Guard = (session, event) =>
  session.timers.resumption !== null && event.at >= session.timers.resumption;

/** After these stream errors a client may still resume its session, or learn the last h from `<failed/>`. */
const RESUMABLE_ERRORS: readonly string[] = ['system-shutdown', 'reset', 'connection-timeout', 'internal-server-error'];

export const isResumableError: Guard = (session, event) =>
  event.type === 'peer.error' && session.smId !== null && RESUMABLE_ERRORS.includes(event.condition);

/** the policy allows no resumption. */
export const resumptionIsOff: Guard = (_session, _event, policy) => !policy.resume;

/** Asks the store for the session, and names the owner of this link: no other owner gets it. */
export const askToClaim: Action = on(['peer.resume'], (session, event) =>
  session.owner === null
    ? unchanged(session)
    : changed(amendLink(session, { request: { max: null, previd: event.previd, h: event.h } }), {
        type: 'store.claim',
        owner: session.owner,
        smId: event.previd,
        h: event.h,
      }),
);

/** the claimed session moves to this link with its counters, and the client's h acknowledges stanzas of it. */
export const adopt: Action = on(['store.claimed'], (session, event) => {
  const { epoch, xmlns, request } = session.link;
  const link = freshLink(epoch, event.session.acked);
  const adopted = amendLink(amend(event.session, { timers: session.timers, link }), { xmlns });
  return resumeFrom(adopted, request.h ?? adopted.acked);
});

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

/** Acknowledges up to `h`, and reports how many stanzas that covers and how many will be replayed. */
const resumeFrom = (session: Session, h: Uint32): Outcome => {
  const acknowledged = span(session.acked, h);
  const replayed = session.unacked.length - acknowledged;
  return andThen(changed(session, report({ type: 'resumed', acknowledged, replayed })), (same) => acknowledge(same, h));
};

const resumeOf = (session: Session): Nonza => ({ name: 'resume', previd: session.smId ?? '', h: session.handled });
