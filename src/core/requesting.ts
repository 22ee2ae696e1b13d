/** The initiating entity's side: `<enable/>`, `<resume/>` and what their answers mean (E-1, R-1 to ). */
import { acknowledge, judge, resumeFrom } from './acks.js';
import { peerViolation } from './failures.js';
import { expectRepeats } from './inbound.js';
import type { Nonza } from './nonzas.js';
import { type Action, changed, type Guard, on, report, unchanged } from './outcome.js';
import type { Policy } from './policy.js';
import { amend, freshLink, NONE_AHEAD, type Session } from './session.js';

export const takeLink: Action = on(['link.opened'], (session, event) =>
  unchanged(amend(session, { link: freshLink(event.epoch, session.acked) })),
);

export const writeEnable: Action = (session, _event, policy) =>
  changed(session, { type: 'write', ...onLink(session), nonza: enableFor(policy) });

/** I-5: in the request by which the client authenticates, to be processed once it has bound. */
export const carryEnable: Action = (session, _event, policy) =>
  changed(session, { type: 'carry', ...onLink(session), nonza: enableFor(policy) });

/** The server grants a session that can be resumed, and names it. */
export const takeGrant: Action = on(['peer.enabled'], (session, event, policy) => {
  const smId = event.resume && event.id !== undefined ? event.id : null;
  const max = smId === null ? 0 : (event.max ?? policy.hibernationTime);
  const location = smId === null ? null : (event.location ?? null);
  return changed(
    amend(session, { smId, max, location }),
    report({
      type: 'enabled',
      resumable: smId !== null,
      max,
      location,
    }),
  );
});

export const reportRefused: Action = on(['peer.failed'], (session, event) =>
  changed(session, report({ type: 'refused', condition: event.condition ?? null })),
);

export const hasUnacked: Guard = (session) => session.unacked.length > 0;

export const isResumable: Guard = (session) => session.smId !== null;

/** The stream belongs to another account than the session: what waits for the one is not for the other. */
export const isAnotherOwner: Guard = (session, event) =>
  (event.type === 'app.authenticated' || event.type === 'app.verified') &&
  session.owner !== null &&
  session.owner !== event.owner;

/** with the h of the last stanza handled; what comes again after that is not handed over twice. */
export const writeResume: Action = (session) =>
  changed(expectRepeats(session), { type: 'write', ...onLink(session), nonza: resumeOf(session) });

/** I-5: in the request by which the client authenticates. */
export const carryResume: Action = (session) =>
  changed(expectRepeats(session), { type: 'carry', ...onLink(session), nonza: resumeOf(session) });

/** The answer to the `<resume/>` that was carried comes with the outcome of authentication. */
export const answersResume: Guard = (_session, event) => event.type === 'app.authenticated' && event.resuming === true;

/** The answer to the `<enable/>` that was carried comes with the resource. */
export const answersEnable: Guard = (_session, event) => event.type === 'app.bound' && event.enabling === true;

/** the answer names our session, and its h is one that we can go on from. */
export const resumesOurs: Guard = (session, event) =>
  event.type === 'peer.resumed' && event.previd === session.smId && judge(session, event.h) === 'legal';

export const resumedTooHigh: Guard = (session, event) =>
  event.type === 'peer.resumed' && event.previd === session.smId && judge(session, event.h) === 'tooHigh';

/** the answer's h is taken like that of an `<a/>`. */
export const takeResumed: Action = on(['peer.resumed'], (session, event) =>
  event.h === undefined ? unchanged(session) : resumeFrom(session, event.h),
);

/** what a legal h covers was delivered; any other h says nothing. */
export const trimByFailed: Action = on(['peer.failed'], (session, event) =>
  event.h !== undefined && judge(session, event.h) === 'legal' ? acknowledge(session, event.h) : unchanged(session),
);

export const reportResumptionFailed: Action = on(['peer.failed'], (session, event) =>
  changed(
    session,
    report({
      type: 'resumptionFailed',
      condition: event.condition ?? null,
      h: event.h ?? null,
    }),
  ),
);

/** The former session is no more; the stream and its owner stay. */
export const forgetSession: Action = (session) =>
  unchanged(amend(session, { smId: null, max: 0, location: null, ahead: NONE_AHEAD, received: session.handled }));

/** Something the server may not send now; it is told to nobody but the embedder, and nothing changes. */
export const reportUnexpected: Action = (session, event) =>
  changed(
    session,
    report({
      type: 'violation',
      failure:
        event.type === 'peer.malformed'
          ? event.refusal
          : peerViolation('undefined-condition', `${event.type.slice('peer.'.length)} means nothing here`),
    }),
  );

/** resumption is asked for; `max` is the wish in seconds (E-6). */
const enableFor = (policy: Policy): Nonza =>
  policy.resume
    ? { name: 'enable', resume: true, max: Math.max(1, Math.ceil(policy.hibernationTime)) }
    : { name: 'enable', resume: false };

const resumeOf = (session: Session): Nonza => ({ name: 'resume', previd: session.smId ?? '', h: session.handled });

const onLink = ({ link: { epoch, xmlns } }: Session) => ({ epoch, xmlns });
