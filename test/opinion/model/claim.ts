/** How a claim ends: with the session, or with a refusal. */
import { judge, onWire } from './counting.js';
import { resume } from './enabled.js';
import { end, fail, sleep } from './ends.js';
import type { Ev } from './event.js';
import { type Core, copyCore, type Model } from './model.js';
import { trim } from './outbound.js';
import { misuse, report, violation, write } from './say.js';
import { refuse } from './server.js';

export const claimAnswered = (model: Model, event: Ev) => {
  if (event.type === 'store.claimed') return claimed(model, copyCore(event.session as unknown as Core), event.at);
  if (!isAnswer(event)) return misuse(model, event.type);
  if (event.type === 'store.failed') {
    model.owed = model.request.previd;
    report(model, { type: 'storeFault', failure: { kind: 'storeFault', reason: event.reason }, state: '' });
  }
  if (model.phase === 'cancelling') return end(model, 'closed');
  if (event.type === 'store.tooHigh') {
    const handledCountTooHigh = { h: model.request.h as never, sendCount: event.sendCount };
    return fail(model, { ...violation('undefined-condition'), handledCountTooHigh });
  }
  if (event.type === 'store.unknown') refuse(model, { condition: 'item-not-found' });
  else if (event.type === 'store.failed') refuse(model, { condition: 'internal-server-error' });
  else if (event.type === 'store.conflict') refuse(model, { condition: 'conflict' });
  else refuse(model, { condition: 'item-not-found', h: event.h });
  model.phase = model.back;
};

type Answer = Extract<
  Ev,
  { type: 'store.unknown' | 'store.expired' | 'store.stale' | 'store.tooHigh' | 'store.conflict' | 'store.failed' }
>;
export const isAnswer = (event: Ev): event is Answer =>
  event.type === 'store.unknown' ||
  event.type === 'store.expired' ||
  event.type === 'store.stale' ||
  event.type === 'store.tooHigh' ||
  event.type === 'store.conflict' ||
  event.type === 'store.failed';

/** Is this the session that was claimed, and can it go on from the claim's h? */
export const believable = (model: Model, core: Core) =>
  core.owner === model.core.owner && core.smId === model.request.previd && judge(core, model.request.h).legal;

const claimed = (model: Model, core: Core, at: number) => {
  if (!believable(model, core)) {
    report(model, { type: 'storeFault', failure: { kind: 'storeFault', reason: 'not what was claimed' }, state: '' });
    if (model.phase === 'cancelling') return end(model, 'closed');
    refuse(model, { condition: 'internal-server-error' });
    model.phase = model.back;
    return;
  }
  const cancelled = model.phase === 'cancelling';
  model.core = core;
  if (cancelled && model.closed) return end(model, 'closed');
  if (cancelled) {
    const verdict = judge(core, model.request.h);
    if (verdict.legal && model.choices?.trims === verdict.count) trim(model, verdict.count);
    return sleep(model, at);
  }
  takeOver(model, at);
};

const takeOver = (model: Model, at: number) => {
  const { core } = model;
  const verdict = judge(core, model.request.h);
  if (!verdict.legal) return;
  model.duplicates = core.received - core.handled;
  model.askedUpTo = core.acked;
  model.inactive = false;
  const replayed = core.queue.length - verdict.count;
  write(model, { name: 'resumed', previd: core.smId ?? '', h: onWire(core.handled) as never });
  report(model, { type: 'resumed', acknowledged: verdict.count, replayed });
  trim(model, verdict.count);
  resume(model, at);
};
