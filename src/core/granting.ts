/** The receiving entity's side of `<enable/>`: what is granted, what is refused (E-3 to E-12). */
import { type Refusal, refusal, type StanzaErrorCondition } from './failures.js';
import type { Failed } from './nonzas.js';
import { type Action, changed, type Guard, type Outcome, on, report, unchanged } from './outcome.js';
import { amend, amendLink, type Session } from './session.js';

/** The client asks for a session that can be resumed, and may have one. */
export const wantsResumption: Guard = (session, event, policy) =>
  event.type === 'peer.enable' && event.resume && policy.resume && policy.hibernationTime > 0 && session.owner !== null;

export const closesOnSecondEnable: Guard = (_session, _event, policy) => policy.secondEnable === 'close';

export const takeOwner: Action = on(['app.authenticated', 'app.verified'], (session, event) =>
  unchanged(amend(session, { owner: event.owner })),
);

/** Answers in the version that was asked in. */
export const takeVersion: Action = on(['peer.enable', 'peer.resume'], (session, event) =>
  unchanged(amendLink(session, { xmlns: event.xmlns })),
);

/** Asks the store to keep the session; remembers the client's wish (E-6). */
export const askToSave: Action = on(['peer.enable'], (session, event) =>
  session.owner === null
    ? unchanged(session)
    : changed(amendLink(session, { asked: { ...session.link.asked, max: event.max ?? null } }), {
        type: 'store.save',
        owner: session.owner,
      }),
);

/** E-5, E-6: the grant is never more than the limit, never more than the wish. */
export const grantResumption: Action = on(['store.saved'], (session, event, policy) => {
  const wish = session.link.asked.max ?? policy.hibernationTime;
  const max = Math.min(wish, policy.hibernationTime);
  return writeEnabled(amend(session, { smId: event.smId, max, location: policy.location }));
});

/** Acks only: the session cannot be resumed. */
export const grantAcks: Action = (session) => writeEnabled(amend(session, { smId: null, max: 0, location: null }));

/** The link is gone: nobody will ever use what the store keeps. */
export const forgetSaved: Action = on(['store.saved'], (session, event) =>
  session.owner === null
    ? unchanged(session)
    : changed(session, { type: 'store.forget', owner: session.owner, smId: event.smId }),
);

export const refuseUnexpected: Action = (session) => refuse(session, refusal('unexpected-request'));
export const refuseNotImplemented: Action = (session) => refuse(session, refusal('feature-not-implemented'));
export const refuseInternalError: Action = (session) => refuse(session, refusal('internal-server-error'));
export const refuseConflict: Action = (session) =>
  refuse(session, refusal('conflict', 'Another resumption is under way'));
export const refuseNotFound: Action = (session) => refuse(session, refusal('item-not-found'));

/** R-8, and a stale h: the count that is known helps the client to tell what arrived. */
export const refuseWithCount: Action = on(['store.expired', 'store.stale'], (session, event) =>
  refuse(session, { ...refusal('item-not-found'), h: event.h }),
);

/** What was wrong was found by whoever read the element. It is answered in kind; the running session keeps its version. */
export const refuseMalformed: Action = on(['peer.malformed'], (session, event) =>
  refuse(session, event.refusal, event.xmlns),
);

const refuse = (session: Session, { condition, text, h }: Refusal, xmlns = session.link.xmlns): Outcome =>
  changed(
    session,
    { type: 'write', epoch: session.link.epoch, nonza: failed(condition, text, h), xmlns },
    report({ type: 'refused', condition }),
  );

const failed = (condition: StanzaErrorCondition, text: string | undefined, h: Failed['h']): Failed => ({
  name: 'failed',
  condition,
  ...(text === undefined ? {} : { text }),
  ...(h === undefined ? {} : { h }),
});

const writeEnabled = (session: Session): Outcome => {
  const { smId, max, location, link } = session;
  const wholeSeconds = Math.floor(max);
  return changed(
    session,
    {
      type: 'write',
      epoch: link.epoch,
      nonza: {
        name: 'enabled',
        resume: smId !== null,
        ...(smId === null ? {} : { id: smId }),
        ...(wholeSeconds < 1 ? {} : { max: wholeSeconds }),
        ...(location === null || smId === null ? {} : { location }),
      },
      xmlns: link.xmlns,
    },
    report({ type: 'enabled', resumable: smId !== null, max, location: smId === null ? null : location }),
  );
};
