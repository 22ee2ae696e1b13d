/** The receiving entity's side of `<resume/>`: the new link claims, the session that is claimed judges. */
import { judge, resumeFrom, tooHigh } from './acks.js';
import { peerViolation } from './failures.js';
import { expectRepeats } from './inbound.js';
import { emptied } from './outbound.js';
import { type Action, changed, type Guard, on, report, unchanged } from './outcome.js';
import { amend, amendLink, freshLink, sent } from './session.js';

export const resumptionIsOff: Guard = (_session, _event, policy) => !policy.resume;

/** Asks the store for the session, under its owner only. */
export const askToClaim: Action = on(['peer.resume'], (session, event) =>
  session.owner === null
    ? unchanged(session)
    : changed(amendLink(session, { asked: { max: null, previd: event.previd, h: event.h } }), {
        type: 'store.claim',
        owner: session.owner,
        smId: event.previd,
        h: event.h,
      }),
);

/** the session moves under this link whole, its counters as they were, and the client's h trims it. */
export const adopt: Action = on(['store.claimed'], (session, event) => {
  const { epoch, xmlns, asked } = session.link;
  const link = freshLink(epoch, event.session.acked);
  const adopted = amendLink(amend(event.session, { timers: session.timers, link }), { xmlns });
  return resumeFrom(adopted, asked.h ?? adopted.acked);
});

/** `<resumed/>` goes first. */
export const writeResumed: Action = (session) =>
  changed(expectRepeats(session), {
    type: 'write',
    epoch: session.link.epoch,
    nonza: { name: 'resumed', previd: session.smId ?? '', h: session.handled },
    xmlns: session.link.xmlns,
  });

/** A-8 on the new link: the session that was claimed is not touched. */
export const refuseTooHighClaim: Action = on(['store.tooHigh'], (session, event) => {
  const violation = tooHigh(session.link.asked.h ?? event.sendCount, event.sendCount);
  return changed(session, report({ type: 'violation', failure: violation }), {
    type: 'stream.error',
    epoch: session.link.epoch,
    violation,
  });
});

/** Another link's h lies beyond what this session sent. */
export const wantedTooHigh: Guard = (session, event) =>
  event.type === 'store.wanted' && judge(session, event.h) === 'tooHigh';

/** Another link's h lies below what this session had acknowledged. */
export const wantedStale: Guard = (session, event) =>
  event.type === 'store.wanted' && judge(session, event.h) === 'regressed';

/** this link's own claim is under way, so the session is not here yet. */
export const answerConflict: Action = (session) =>
  changed(session, { type: 'store.surrender', verdict: { type: 'conflict' } });

export const answerTooHigh: Action = (session) =>
  changed(session, { type: 'store.surrender', verdict: { type: 'tooHigh', sendCount: sent(session) } });

export const answerStale: Action = (session) =>
  changed(session, { type: 'store.surrender', verdict: { type: 'stale', h: session.handled } });

/** Gives the session to the link that claims it, its queue included. */
export const surrender: Action = (session) =>
  changed(
    emptied(session),
    { type: 'store.surrender', verdict: { type: 'claimed', session } },
    report({ type: 'superseded' }),
  );

/** the old stream learns that it was replaced. */
export const writeConflict: Action = (session) =>
  changed(session, {
    type: 'stream.error',
    epoch: session.link.epoch,
    violation: peerViolation('conflict', 'The session was resumed on another stream'),
  });
