/**
 * Timers. The clauses fix when the resumption and the grace end. When exactly a question is asked and how late an answer may be is free within
 * bounds; the model takes over a deadline that keeps them.
 */
import type { State } from '../../../src/index.js';
import { mustAsk } from '../model/asking.js';
import { longestIdle } from '../model/clocks.js';
import type { Model, Timers } from '../model/model.js';
import { full } from '../model/outbound.js';
import { type Disagreement, differs, soft } from './compare.js';

const NAMES = ['ackIdle', 'ackWait', 'overflowGrace', 'resumption', 'storeWait'] as const;

/** After these events a session may have more stanzas to ask about than before. */
const FILLS: ReadonlySet<string> = new Set([
  'app.send',
  'app.active',
  'peer.enabled',
  'peer.resumed',
  'store.saved',
  'store.claimed',
]);

export const compareTimers = (state: State, model: Model, at: number, type: string): readonly Disagreement[] => {
  const { timers } = state.session;
  const all: (Disagreement | null)[] = [];
  for (const name of NAMES) {
    // An older build may have fewer timers.
    const ours = timers[name] ?? null;
    all.push(soft(compareTimer(name, ours, model, at)));
    model.timers[name] = ours;
  }
  all.push(soft(asksInTime(model, type, at)));
  return all.filter((found) => found !== null);
};

const compareTimer = (name: keyof Timers, ours: number | null, model: Model, at: number): Disagreement | null => {
  const theirs = model.timers[name];
  if (ours !== null && !Number.isFinite(ours)) return differs(`timer ${name} is no time`, ours, theirs);
  if (ours === theirs) return null;
  if (name === 'ackIdle') return compareIdle(ours, model, at);
  if (ours === null || theirs === null) return differs(`timer ${name}`, ours, theirs);
  const late = ours > theirs;
  // E-12: how a huge time is bounded is free.
  if (name === 'resumption' && model.core.max > 2 ** 32 && ours <= theirs) return null;
  if (name === 'ackWait' && !late && ours >= at) return null;
  // The second wait begins when the first one is reported, which may be late.
  const { deadAfter, maxAckDelay } = model.policy;
  if (name === 'ackWait' && model.question?.overdue === true && ours <= at + (deadAfter - maxAckDelay) * 1000)
    return null;
  // A request that is cancelled may start its wait again.
  const { storeTimeout = 10 } = model.policy;
  if (name === 'storeWait' && ours <= at + storeTimeout * 1000 && ours >= at) return null;
  // A receiver that answers may get more time, and a session that is claimed in vain may keep its old end.
  if (name === 'overflowGrace' && ours <= at + model.policy.overflowGrace * 1000 && ours >= at) return null;
  return differs(`timer ${name}`, ours, theirs);
};

const compareIdle = (ours: number | null, model: Model, at: number) => {
  // A stanza that is held, or an inactive client, may be asked about or not (P-3).
  if (model.phase !== 'enabled' || model.question !== null) return differs('timer ackIdle', ours, null);
  if (ours === null)
    return model.timers.ackIdle === null || (model.inactive && !full(model))
      ? null
      : differs('timer ackIdle', ours, model.timers.ackIdle);
  return ours <= at + longestIdle(model) * 1000 ? null : differs('timer ackIdle', ours, model.timers.ackIdle);
};

/** P-1: no question is put off for ever, and a queue at its limit is asked about before its grace is over. */
const asksInTime = (model: Model, type: string, at: number): Disagreement | null => {
  if (model.phase !== 'enabled') return null;
  if (FILLS.has(type) && mustAsk(model))
    return { about: 'no question', project: 'asks nothing', model: 'a batch is full' };
  if (!full(model) || model.question !== null) return null;
  const { ackIdle } = model.timers;
  if (ackIdle !== null && ackIdle <= at + longestIdle(model) * 1000) return null;
  return {
    about: 'no question at the limit',
    project: `no question, next at ${ackIdle}`,
    model: 'a queue at its limit is asked about within half of the grace',
  };
};
