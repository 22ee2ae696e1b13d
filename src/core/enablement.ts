/** Chapter 1: `<enable/>` and its answers, at both ends (E-1 to E-12). */

import type { SmEvent } from './events.js';
import { type Refusal, refusal, type StanzaErrorCondition } from './failures.js';
import type { Failed, Nonza, SmNamespace } from './nonzas.js';
import { type Action, changed, type Guard, type Outcome, on, report, unchanged } from './outcome.js';
import type { Policy } from './policy.js';
import { amend, amendLink, NO_REQUEST, onLink, type Session } from './session.js';

/** the client asks for a session that can be resumed, when the policy says so. `max` is its wish in seconds (E-6). */
export const writeEnable: Action = (session, _event, policy) =>
  changed(session, { type: 'write', ...onLink(session), nonza: enableFor(policy) });

/** I-5: the authentication request carries `<enable/>`. The server processes `<enable/>` after it has bound the resource. */
export const carryEnable: Action = (session, _event, policy) =>
  changed(session, { type: 'carry', ...onLink(session), nonza: enableFor(policy) });

/** The authentication request carried `<enable/>`, and the answer to it comes with the bound resource. */
export const answersEnable: Guard = (_session, event) => event.type === 'app.bound' && event.enabling === true;

/**
 * Takes the server's `<enabled/>`: with an SM-ID the session can be resumed (E-5). A client that did not ask for resumption takes no
 * SM-ID, and a client keeps the session no longer than it asked for (E-6).
 */
export const takeGrant: Action = on(['peer.enabled'], (session, event, policy) => {
  const smId = event.resume && event.id !== undefined && wishesResumption(policy) ? event.id : null;
  const wish = wishOf(policy);
  const max = smId === null ? 0 : Math.min(event.max ?? wish, wish);
  const location = smId === null ? null : (event.location ?? null);
  return changed(
    amend(session, { smId, max, location }),
    report({ type: 'enabled', resumable: smId !== null, max, location }),
  );
});

/** E-11: the server refuses `<enable/>`. */
export const reportRefused: Action = on(['peer.failed'], (session, event, _policy, state) =>
  changed(session, report({ type: 'refused', condition: event.condition ?? null, state })),
);

/** The client asks for a session that can be resumed, and the policy allows it. */
export const wantsResumption: Guard = (session, event, policy) =>
  event.type === 'peer.enable' && event.resume && wishesResumption(policy) && session.owner !== null;

export const closesOnSecondEnable: Guard = (_session, _event, policy) => policy.secondEnable === 'close';

/** Asks the store to keep the session, and remembers the `max` of the client (E-6). */
export const askToSave: Action = on(['peer.enable'], (session, event) =>
  session.owner === null
    ? unchanged(session)
    : changed(amendLink(session, { request: { ...NO_REQUEST, xmlns: event.xmlns, max: event.max ?? null } }), {
        type: 'store.save',
        owner: session.owner,
      }),
);

/** E-5, E-6: the server grants the client's `max`, but not more than its own limit. */
export const writeEnabledWithId: Action = on(['store.saved'], (session, event, policy) => {
  const { request } = session.link;
  const max = Math.min(request.max ?? policy.hibernationTime, policy.hibernationTime);
  const granted = amendLink(session, { xmlns: request.xmlns, request: NO_REQUEST });
  return writeEnabled(amend(granted, { smId: event.smId, max, location: policy.location }));
});

/** The server grants acknowledgements only: the session cannot be resumed. */
export const writeEnabledWithoutId: Action = (session) =>
  writeEnabled(amend(session, { smId: null, max: 0, location: null }));

/** The stream ended before `<enabled/>`, so the client does not know the SM-ID and cannot resume the saved session. */
export const forgetSaved: Action = on(['store.saved'], (session, event) =>
  session.owner === null || session.smId === event.smId
    ? unchanged(session)
    : changed(session, { type: 'store.forget', owner: session.owner, smId: event.smId }),
);

const refuseWith =
  (condition: StanzaErrorCondition): Action =>
  (session, event, _policy, state) =>
    refuse(session, refusal(condition), state, versionOf(session, event));

export const refuseUnexpected: Action = refuseWith('unexpected-request');
export const refuseNotImplemented: Action = refuseWith('feature-not-implemented');
export const refuseInternalError: Action = refuseWith('internal-server-error');
export const refuseNotFound: Action = refuseWith('item-not-found');

/** `<failed/>` carries the server's h, so that the client knows which stanzas arrived. */
export const refuseWithCount: Action = on(['store.expired', 'store.stale'], (session, event, _policy, state) =>
  refuse(session, { ...refusal('item-not-found'), h: event.h }, state, versionOf(session, event)),
);

/** The event holds the refusal. The answer is in the version of the request; the session keeps its own version. */
export const refuseMalformed: Action = on(['peer.malformed'], (session, event, _policy, state) =>
  refuse(session, event.refusal, state, event.xmlns),
);

/** The stream goes on, in its version (design law 2). The request that waits for the store is kept: this may be the answer to another element. */
const refuse = (session: Session, { condition, text, h }: Refusal, state: string, xmlns: SmNamespace): Outcome =>
  changed(
    session,
    { type: 'write', epoch: session.link.epoch, nonza: failed(condition, text, h), xmlns },
    report({ type: 'refused', condition, state }),
  );

/** The store has answered, or is too slow: no request waits any more. */
export const forgetRequest: Action = (session) => unchanged(amendLink(session, { request: NO_REQUEST }));

/** The version of the request: of this event, or of the request that waited for the store. */
const versionOf = ({ link }: Session, event: SmEvent): SmNamespace => {
  if (event.type === 'peer.enable' || event.type === 'peer.resume') return event.xmlns;
  return event.type.startsWith('store.') || event.type === 'timer.storeWait' ? link.request.xmlns : link.xmlns;
};

const failed = (condition: StanzaErrorCondition, text: string | undefined, h: Failed['h']): Failed => ({
  name: 'failed',
  condition,
  ...(text === undefined ? {} : { text }),
  ...(h === undefined ? {} : { h }),
});

const writeEnabled = (session: Session): Outcome => {
  const { smId, max, location } = session;
  const wholeSeconds = Math.floor(max);
  return changed(
    session,
    {
      type: 'write',
      ...onLink(session),
      nonza: {
        name: 'enabled',
        resume: smId !== null,
        ...(smId === null ? {} : { id: smId }),
        ...(wholeSeconds < 1 ? {} : { max: wholeSeconds }),
        ...(location === null || smId === null ? {} : { location }),
      },
    },
    report({ type: 'enabled', resumable: smId !== null, max, location: smId === null ? null : location }),
  );
};

const enableFor = (policy: Policy): Nonza =>
  wishesResumption(policy) ? { name: 'enable', resume: true, max: wishOf(policy) } : { name: 'enable', resume: false };

const wishesResumption = ({ resume, hibernationTime }: Policy): boolean => resume && hibernationTime > 0;

/** The `max` of our `<enable/>`: whole seconds, 1 or more (E-12). */
const wishOf = ({ hibernationTime }: Policy): number => Math.max(1, Math.ceil(hibernationTime));
