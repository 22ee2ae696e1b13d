/** Chapter 7: how streams and sessions end, which stanzas the embedder gets back, and what a misuse reports (A-12, A-13, C-1 to C-3). */
import { entryOf } from './acking.js';
import type { Returned, ReturnReason } from './effects.js';
import { type PeerViolation, peerViolation, type StreamErrorCondition } from './failures.js';
import { type Action, changed, misuse, type Outcome, on, report, tolerate, unchanged } from './outcome.js';
import { amend, requestedUpTo, type Session, sent } from './session.js';
import type { Uint32 } from './uint32.js';
import { EMPTY, toArray } from './unacked.js';

/** Gives every stanza of the queue back. */
const returnQueue =
  (reason: ReturnReason): Action =>
  (session) =>
    session.unacked.length === 0
      ? unchanged(session)
      : changed(emptied(session), report({ type: 'returned', reason, stanzas: returnedFrom(session) }));

export const returnClosed: Action = returnQueue('closed');
export const returnEvicted: Action = returnQueue('evicted');
export const returnExpired: Action = returnQueue('expired');
export const returnLost: Action = returnQueue('lost');
export const returnOverflow: Action = returnQueue('overflow');
export const returnAfterFailedResumption: Action = returnQueue('resumptionFailed');
export const returnUnmanaged: Action = returnQueue('unmanaged');
export const returnAfterViolation: Action = returnQueue('violation');

/** Gives the stanza of this event back at once. */
const returnStanza = (reason: ReturnReason, written: boolean): Action =>
  on(['app.send'], (session, event) =>
    changed(session, report({ type: 'returned', reason, stanzas: [{ ...entryOf(event), written }] })),
  );

/** The queue has no room for the stanza. */
export const returnStanzaWithoutRoom: Action = returnStanza('queueFull', false);
/** The session is over. */
export const returnStanzaAfterEnd: Action = returnStanza('closed', false);
/** The stanza was written to a stream without stream management, so no acknowledgement will come. */
export const returnStanzaUncounted: Action = returnStanza('unmanaged', true);

/** The request that the stanzas waited for was refused: they are written without a count, and no acknowledgement will come. */
export const returnHeldUncounted: Action = (session) => {
  if (session.unacked.length === 0) return unchanged(session);
  const stanzas = toArray(session.unacked).map((entry) => ({ ...entry, written: true }));
  return changed(
    emptied(session),
    { type: 'replay', epoch: session.link.epoch, stanzas },
    report({ type: 'returned', reason: 'unmanaged', stanzas }),
  );
};

/** S-3, A-7: the event holds the violation. */
export const failViolation: Action = on(['peer.violation'], (session, event, _policy, state) =>
  fail(session, event.violation, state),
);

/** the h is above the send count. */
export const failTooHigh: Action = on(['peer.a', 'peer.resumed'], (session, event, _policy, state) =>
  event.h === undefined ? unchanged(session) : fail(session, tooHigh(event.h, sent(session)), state),
);

const failWith =
  (condition: StreamErrorCondition, text: string): Action =>
  (session, _event, _policy, state) =>
    fail(session, peerViolation(condition, text), state);

/** the `<a/>` has no valid h. */
export const failMissingCount: Action = failWith('invalid-xml', "'h' of <a/> is not an unsignedInt");
/** M-10: the grace period is over. */
export const failOverflow: Action = failWith('policy-violation', 'Too many unacknowledged stanzas');
/** E-9, when the policy `secondEnable` is `close`. */
export const failSecondEnable: Action = failWith('policy-violation', 'Stream management is enabled already');
/** `<resumed/>` names another session, or its h is stale or missing. */
export const failBadResumed: Action = failWith('undefined-condition', 'This session was not asked for');

/** another stream resumed the session, so the old stream ends. The client broke no rule, so no violation is reported. */
export const failConflict: Action = (session) => {
  const { epoch } = session.link;
  const violation = peerViolation('conflict', 'The session was resumed on another stream');
  return changed(session, { type: 'stream.error', epoch, violation }, { type: 'link.close', epoch, graceful: true });
};

/** the server sent an element that does not belong in this state. The element is ignored, and the stream goes on. */
export const reportUnexpected: Action = (session, event, _policy, state) => {
  const { text } = event.type === 'peer.malformed' ? event.refusal : {};
  return tolerate(session, text ?? `<${event.type.slice('peer.'.length)}/> has no meaning in this state`, state);
};

/** the store keeps the h of a session that is over. */
export const expireInStore: Action = (session) =>
  session.owner === null || session.smId === null
    ? unchanged(session)
    : changed(session, { type: 'store.expire', owner: session.owner, smId: session.smId, h: session.handled });

export const forgetInStore: Action = (session) =>
  session.owner === null || session.smId === null
    ? unchanged(session)
    : changed(session, { type: 'store.forget', owner: session.owner, smId: session.smId });

export const reportExpired: Action = (session) => changed(session, report({ type: 'expired' }));

export const reportEvicted: Action = (session) => changed(session, report({ type: 'evicted' }));

export const reportEnded: Action = (session) => changed(session, report({ type: 'ended' }));

/** The embedder did something that has no meaning in this state; nothing changes. */
export const reportMisuse: Action = (session, event, _policy, state) =>
  changed(session, misuse(event.type, `${event.type} has no meaning in this state`, state));

/** The event is legal in this state and needs no action. */
export const ignore: Action = (session) => unchanged(session);

/** Reports the violation, writes a stream error and closes the link. */
export const fail = (session: Session, violation: PeerViolation, state: string): Outcome =>
  changed(
    session,
    report({ type: 'violation', failure: violation, state }),
    { type: 'stream.error', epoch: session.link.epoch, violation },
    { type: 'link.close', epoch: session.link.epoch, graceful: true },
  );

/** the stream error for a peer that acknowledges more stanzas than we sent. */
export const tooHigh = (h: Uint32, sendCount: Uint32): PeerViolation => ({
  ...peerViolation('undefined-condition', `You acknowledged ${h} stanzas, but only ${sendCount} were sent to you`),
  handledCountTooHigh: { h, sendCount },
});

/** The same session without its queue. */
export const emptied = (session: Session): Session =>
  amend(session, { unacked: EMPTY, written: 0, link: requestedUpTo(session.link, session.acked) });

export const returnedFrom = (session: Session): readonly Returned[] =>
  toArray(session.unacked).map((entry, index) => ({ ...entry, written: index < session.written }));
