/** The event that a move is, in the state that it meets. */
import type { SmEvent } from '../../../src/index.js';
import { onWire } from '../model/counting.js';
import type { Model, Timers } from '../model/model.js';
import type { Op } from './op.js';

export const resolve = (op: Op, model: Model, now: number): SmEvent => {
  const event: Record<string, unknown> = { type: op.type, at: now, ...op.fields };
  if (op.type.startsWith('peer.') || op.type.startsWith('link.')) event.epoch = epochOf(op, model);
  if (op.epoch === 'absent') delete event.epoch;
  if (op.type.startsWith('timer.')) event.at = timeOf(op, model, now);
  if (op.by !== undefined) Object.assign(event, numberOf(op, op.by, model));
  if (op.type === 'app.send') event.stanza = stanzaOf(op);
  if (op.without !== undefined) Object.assign(event, { [op.without]: op.type === 'app.send' ? { key: null } : '' });
  if (op.at === 'NaN') event.at = Number.NaN;
  if (op.at === 'Infinity') event.at = Number.POSITIVE_INFINITY;
  if (op.at === 'absent') delete event.at;
  return event as unknown as SmEvent;
};

const epochOf = ({ epoch, type }: Op, model: Model) => {
  if (epoch === 'zero') return 0;
  if (epoch === 'half') return model.epoch + 0.5;
  if (epoch === 'old') return Math.max(0, model.lastEpoch - 1);
  if (epoch === 'next' || type === 'link.opened') return model.lastEpoch + 1;
  return model.epoch;
};

const timeOf = ({ due, type }: Op, model: Model, now: number) => {
  const deadline = model.timers[type.slice('timer.'.length) as keyof Timers];
  return due === true && deadline !== null && Number.isFinite(deadline) ? Math.max(now, deadline) : now;
};

const numberOf = ({ type }: Op, by: number, { core, policy }: Model) => {
  if (type === 'app.handled') return { position: core.position + by };
  if (type === 'peer.resume') return { h: onWire(policy.initialCount + by) };
  if (type === 'store.expired' || type === 'store.stale') return { h: onWire(policy.initialCount + by) };
  if (type === 'store.tooHigh') return { sendCount: onWire(policy.initialCount + by) };
  return { h: onWire(core.acked + by) };
};

const stanzaOf = ({ id, fields }: Op) => {
  const padding = 'x'.repeat(Number(fields?.padding ?? 0));
  return { xml: `<m>s${id}</m>${padding}`, kind: 'message', type: '', key: `s${id}` };
};
