/** What the model keeps of a session when its process ends, and what it finds again. */
import type { Effect, Policy } from '../../../src/index.js';
import { setClocks } from './clocks.js';
import { end, sleep, unlink } from './ends.js';
import { type Core, copyCore, freshModel, type Model, type Phase, type Timers } from './model.js';

export interface Kept {
  readonly role: 'client' | 'server';
  readonly phase: Phase;
  readonly asleep: boolean;
  readonly lastEpoch: number;
  readonly superseded: boolean;
  readonly timers: Timers;
  readonly core: Core;
}

export const keep = (model: Model): Kept => {
  const { role, phase, asleep, lastEpoch, superseded } = model;
  return { role, phase, asleep, lastEpoch, superseded, timers: { ...model.timers }, core: copyCore(model.core) };
};

/**
 * A stanza that was received and not handled is lost with its process, and the peer sends it again, under a new position: old positions mean
 * nothing any more. What was handled out of order stays handled.
 */
export const find = (kept: Kept, policy: Policy, at: number): readonly [Model, readonly Effect[]] => {
  const model = freshModel(kept.role, policy);
  const core = copyCore(kept.core);
  core.positions.clear();
  core.received = core.handled;
  core.restored = true;
  Object.assign(model, { ...kept, timers: { ...kept.timers }, core, epoch: kept.lastEpoch });
  if (kept.phase === 'ended') model.epoch = 0;
  else if (kept.asleep) unlink(model);
  else if (kept.phase === 'enabled') sleep(model, at);
  else if (model.role === 'server' || kept.phase === 'enabling') end(model, 'lost');
  else unlink(model);
  setClocks(model, at);
  return [model, model.out];
};
