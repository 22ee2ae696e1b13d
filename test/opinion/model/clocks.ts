/** Which timers run after an event, and what a timer does that fires. */
import { unanswered } from './asked.js';
import { end, fail } from './ends.js';
import type { Model, Timers } from './model.js';
import { full } from './outbound.js';
import { close, report, violation } from './say.js';

/** Sets the timers that the present state needs, and clears the others. */
export const setClocks = (model: Model, at: number) => {
  const { core, phase, policy, question, timers } = model;
  const live = phase === 'enabled';
  if (question === null) timers.ackWait = null;
  else if (timers.ackWait === null && !question.dead) timers.ackWait = waitUntil(model, at);
  if (!live || !full(model)) timers.overflowGrace = null;
  else timers.overflowGrace ??= at + policy.overflowGrace * 1000;
  if (!live || question !== null || core.written === 0 || (model.inactive && !full(model))) timers.ackIdle = null;
  else timers.ackIdle = Math.min(timers.ackIdle ?? Number.POSITIVE_INFINITY, at + longestIdle(model) * 1000);
  if (!model.asleep) timers.resumption = null;
  if (phase !== 'granting' && phase !== 'claiming' && phase !== 'cancelling') timers.storeWait = null;
  else timers.storeWait ??= at + (policy.storeTimeout ?? 10) * 1000;
};

/** Seconds. At the limit a question comes before the grace is over. */
export const longestIdle = (model: Model) => {
  const { ackIdle, overflowGrace } = model.policy;
  return full(model) ? Math.min(ackIdle, overflowGrace / 2) : ackIdle;
};

const waitUntil = ({ question, policy }: Model, at: number) => {
  if (question === null) return null;
  return at + (question.kind === 'r' ? policy.maxAckDelay : policy.deadAfter) * 1000;
};

export const due = ({ timers }: Model, timer: keyof Timers, at: number) => {
  const deadline = timers[timer];
  return deadline !== null && at >= deadline;
};

export const fire = (model: Model, timer: keyof Timers, at: number) => {
  if (!due(model, timer, at)) return;
  model.timers[timer] = null;
  if (timer === 'ackWait') return waitIsOver(model, at);
  if (timer === 'overflowGrace') return graceIsOver(model);
  if (timer === 'resumption') expire(model);
  if (timer === 'storeWait') unanswered(model);
};

/** P-2: the delay is reported once, and then the stream counts as dead. */
const waitIsOver = (model: Model, at: number) => {
  const { question, core, policy } = model;
  if (question === null || question.dead) return;
  if (question.kind === 'r' && !question.overdue) {
    question.overdue = true;
    report(model, { type: 'ackDelayed', unacked: core.queue.length, stanzas: [...core.queue] });
    model.timers.ackWait = Math.max(at, question.since + policy.deadAfter * 1000);
    return;
  }
  question.dead = true;
  close(model, false);
};

/** The queue has been at its limit for all of the grace. */
const graceIsOver = (model: Model) => {
  fail(model, violation('policy-violation'), 'overflow');
};

/** A client's clock does not decide what only the server knows (law 10). */
const expire = (model: Model) => {
  if (model.role === 'client') return report(model, { type: 'overdue' });
  report(model, { type: 'expired' });
  end(model, 'expired');
};
