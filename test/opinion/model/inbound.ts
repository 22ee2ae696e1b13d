/** Stanzas on their way in: received, delivered, handled. */
import type { Model } from './model.js';
import { misuse, say } from './say.js';

/** A stanza of a stream that counts nothing yet. */
export const deliverUncounted = (model: Model) => say(model, { type: 'deliver', position: null });

export const receive = (model: Model) => {
  const { core } = model;
  if (model.duplicates > 0) {
    model.duplicates -= 1;
    return;
  }
  core.received += 1;
  // A record says that this stanza was handled out of order, in a process before this one.
  if (!core.ahead.has(core.received)) {
    core.position += 1;
    core.positions.set(core.position, core.received);
    say(model, { type: 'deliver', position: core.position });
    if (!model.policy.deferHandling) handled(model, core.position);
  }
  advance(model);
};

export const handled = (model: Model, position: number) => {
  const { core } = model;
  const count = core.positions.get(position);
  if (count === undefined) return misuse(model, 'app.handled');
  core.positions.delete(position);
  core.ahead.add(count);
  advance(model);
};

/** h is the low-water mark, and never above what was received. */
const advance = ({ core }: Model) => {
  while (core.handled < core.received && core.ahead.delete(core.handled + 1)) core.handled += 1;
};
