/** Chapter 6: `<resume/>` and its answers, at both ends. */
import { acknowledge } from './acking.js';
import { fail, tooHigh } from './ending.js';
import { checkH } from './h.js';
import { expectDuplicates } from './inbound.js';
import type { Nonza } from './nonzas.js';
import { type Action, andThen, changed, type Guard, type Outcome, on, report, unchanged } from './outcome.js';
import { amend, amendLink, freshLink, NONE_OUT_OF_ORDER, onLink, type Session } from './session.js';
import { span, type Uint32 } from './uint32.js';

/** The stream belongs to another account than the session: no stanza of one account goes to the other. */
export const isAnotherOwner: Guard = (session, event) =>
  (event.type === 'app.authenticated' || event.type === 'app.verified') &&
  session.owner !== null &&
  session.owner !== event.owner;

/** with the h of the last stanza handled. The peer then repeats stanzas that we received and did not handle. */
export const writeResume: Action = (session) =>
  changed(expectDuplicates(session), { type: 'write', ...onLink(session), nonza: resumeOf(session) });

/** I-5: the request by which the client authenticates carries `<resume/>`. */
export const carryResume: Action = (session) =>
  changed(expectDuplicates(session), { type: 'carry', ...onLink(session), nonza: resumeOf(session) });

/** The answer to the `<resume/>` that a request carried comes with the outcome of authentication. */
export const answersResume: Guard = (_session, event) => event.type === 'app.authenticated' && event.resuming === true;

/** the answer names our session, and its h is legal. */
export const resumesOurs: Guard = (session, event) =>
  event.type === 'peer.resumed' && event.previd === session.smId && checkH(session, event.h) === 'legal';

export const resumedTooHigh: Guard = (session, event) =>
  event.type === 'peer.resumed' && event.previd === session.smId && checkH(session, event.h) === 'tooHigh';

/** the answer's h is taken like that of an `<a/>`. */
export const takeResumed: Action = on(['peer.resumed'], (session, event) =>
  event.h === undefined ? unchanged(session) : resumeFrom(session, event.h),
);

/** the server has every stanza that a legal h covers. An h that is not legal says nothing. */
export const trimByFailed: Action = on(['peer.failed'], (session, event) =>
  event.h !== undefined && checkH(session, event.h) === 'legal' ? acknowledge(session, event.h) : unchanged(session),
);

export const reportResumptionFailed: Action = on(['peer.failed'], (session, event, _policy, state) => {
  const { condition = null, h = null } = event;
  return changed(session, report({ type: 'resumptionFailed', condition, h, state }));
});

/** The former session is gone; the stream and its owner stay. */
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

/** The time for which the session can be resumed is over. */
export const resumptionIsOver: Guard = (session, event) =>
  session.timers.resumption !== null && event.at >= session.timers.resumption;

/** The stream errors after which a client may still get its session back, or learn its last h. */
const RESUMABLE_ERRORS: readonly string[] = ['system-shutdown', 'reset', 'connection-timeout', 'internal-server-error'];

export const isResumableError: Guard = (session, event) =>
  event.type === 'peer.error' && session.smId !== null && RESUMABLE_ERRORS.includes(event.condition);

/** */
export const resumptionIsOff: Guard = (_session, _event, policy) => !policy.resume;

/** Asks the store for the session, under its owner only. */
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

/** the session moves under this link whole, its counters as they were, and the client's h trims it. */
export const adopt: Action = on(['store.claimed'], (session, event) => {
  const { epoch, xmlns, request } = session.link;
  const link = freshLink(epoch, event.session.acked);
  const adopted = amendLink(amend(event.session, { timers: session.timers, link }), { xmlns });
  return resumeFrom(adopted, request.h ?? adopted.acked);
});

/** `<resumed/>` goes first. */
export const writeResumed: Action = (session) =>
  changed(expectDuplicates(session), {
    type: 'write',
    ...onLink(session),
    nonza: { name: 'resumed', previd: session.smId ?? '', h: session.handled },
  });

/** A-8 on the new link: the session that was claimed is not touched. */
export const failTooHighClaim: Action = on(['store.tooHigh'], (session, event, _policy, state) =>
  fail(session, tooHigh(session.link.request.h ?? event.sendCount, event.sendCount), state),
);

/** Trims, and tells what the resumption found; the rest is to be replayed. */
const resumeFrom = (session: Session, h: Uint32): Outcome => {
  const acknowledged = span(session.acked, h);
  const replayed = session.unacked.length - acknowledged;
  return andThen(changed(session, report({ type: 'resumed', acknowledged, replayed })), (same) => acknowledge(same, h));
};

const resumeOf = (session: Session): Nonza => ({ name: 'resume', previd: session.smId ?? '', h: session.handled });
