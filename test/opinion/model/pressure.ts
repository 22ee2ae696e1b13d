/** Reports about a queue that grows full (M-10). */
import type { Model } from './model.js';
import { size } from './model.js';
import { report } from './say.js';

export type Level = 'low' | 'high' | 'full';

export const levelOf = ({ core, policy }: Model): Level => {
  const share = Math.max(core.queue.length / policy.maxQueueStanzas, size(core) / policy.maxQueueBytes);
  if (share >= 1) return 'full';
  return share >= 0.8 ? 'high' : 'low';
};

/** A send fills the queue, an `<a/>` empties it, and a session that begins or goes on with a full queue says so. */
export const tellPressure = (model: Model, type: string, before: Level, wasEnabled: boolean) => {
  const level = levelOf(model);
  const live = model.phase === 'enabled';
  const entered = live && !wasEnabled && level === 'full';
  const isNews = level !== before || (live && !model.toldPressure);
  const rose = type === 'app.send' && tells(model) && isNews && level !== 'low';
  const left = type === 'peer.a' && live && before === 'full' && level !== 'full';
  if (level === 'low' || (live && !wasEnabled)) model.toldPressure = false;
  if (!entered && !rose && !left) return;
  model.toldPressure = level !== 'low';
  const { core } = model;
  report(model, { type: 'queuePressure', unacked: core.queue.length, size: size(core), full: level === 'full' });
};

/** While a request waits for its answer, nothing is said: the answer decides what becomes of the queue. */
const tells = ({ phase }: Model) => !/^(enabling|granting|claiming|cancelling|unmanaged|ended)$/.test(phase);
