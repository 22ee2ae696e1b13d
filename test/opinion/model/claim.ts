/** How a claim ends: with the session, or with a refusal. */
import { giveBack, refuseRequest } from './asked.js';
import { judge, onWire } from './counting.js';
import { resume } from './enabled.js';
import { end, fail, sleep } from './ends.js';
import type { Ev } from './event.js';
import { type Core, copyCore, type Model } from './model.js';
import { trim } from './outbound.js';
import { misuse, report, violation, write } from './say.js';

/** The session that the store gives, as the model has it. */
export const coreOf = (event: Extract<Ev, { type: 'store.claimed' }>) => copyCore(event.session as unknown as Core);

export const claimAnswered = (model: Model, event: Ev) => {
  if (event.type === 'store.claimed') return claimed(model, coreOf(event), event.at);
  if (!isAnswer(event)) return misuse(model, event.type);
  if (model.phase === 'cancelling') return end(model, 'closed');
  if (event.type === 'store.tooHigh') {
    const handledCountTooHigh = { h: model.request.h as never, sendCount: event.sendCount };
    return fail(model, { ...violation('undefined-condition'), handledCountTooHigh });
  }
  if (event.type === 'store.unknown') refuseRequest(model, { condition: 'item-not-found' });
  else if (event.type === 'store.failed') refuseRequest(model, { condition: 'internal-server-error' });
  else refuseRequest(model, { condition: 'item-not-found', h: event.h });
};

type Answer = Extract<
  Ev,
  { type: 'store.unknown' | 'store.expired' | 'store.stale' | 'store.tooHigh' | 'store.failed' }
>;
export const isAnswer = (event: Ev): event is Answer =>
  event.type === 'store.unknown' ||
  event.type === 'store.expired' ||
  event.type === 'store.stale' ||
  event.type === 'store.tooHigh' ||
  event.type === 'store.failed';

/** Is this the session that was claimed, and can it go on from the claim's h? */
const believable = (model: Model, core: Core) =>
  core.owner === model.core.owner && core.smId === model.request.previd && judge(core, model.request.h).legal;

const claimed = (model: Model, core: Core, at: number) => {
  const cancelled = model.phase === 'cancelling';
  if (!believable(model, core)) {
    giveBack(model, core);
    return cancelled ? end(model, 'closed') : refuseRequest(model, { condition: 'internal-server-error' });
  }
  const held = model.core.queue;
  model.core = core;
  if (!cancelled) {
    core.queue.push(...held);
    return takeOver(model, at);
  }
  const verdict = judge(core, model.request.h);
  if (verdict.legal && model.choices?.trims === verdict.count) trim(model, verdict.count);
  if (model.closed) return end(model, 'closed');
  sleep(model, at);
};

const takeOver = (model: Model, at: number) => {
  const { core } = model;
  const verdict = judge(core, model.request.h);
  if (!verdict.legal) return;
  model.sm2 = model.request.sm2;
  model.duplicates = core.received - core.handled;
  model.askedUpTo = core.acked;
  const held = core.queue.length;
  write(model, { name: 'resumed', previd: core.smId ?? '', h: onWire(core.handled) as never });
  report(model, { type: 'resumed', acknowledged: verdict.count, replayed: held - verdict.count });
  trim(model, verdict.count);
  resume(model, at);
};
