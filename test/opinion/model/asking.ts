/** When the model asks for an ack. In a comparison the project decides, and the comparer judges what it decides. */
import { sendCount } from './counting.js';
import type { Model } from './model.js';
import { full } from './outbound.js';
import { write } from './say.js';

export const ask = (model: Model, at: number) => {
  write(model, { name: 'r' });
  model.timers.ackWait = null;
  model.question = { kind: 'r', since: at, overdue: false, dead: false };
  model.askedUpTo = sendCount(model.core);
};

/** So many stanzas were written since the last question. */
export const unasked = (model: Model) => sendCount(model.core) - model.askedUpTo;

export const batch = ({ inactive, policy }: Model) =>
  inactive ? policy.maxInactiveUnackedStanzas : policy.maxUnackedStanzas;

/** The clauses demand a question now: the batch is full, or the queue is. */
export const mustAsk = (model: Model) =>
  model.question === null && (unasked(model) > batch(model) || (full(model) && unasked(model) > 0));

/** What the naive model does by itself after each event. */
export const wantsToAsk = (model: Model, type: string) =>
  model.question === null &&
  (mustAsk(model) ||
    type === 'app.requestAck' ||
    ((type === 'timer.ackIdle' || type === 'peer.resumed' || type === 'store.claimed') && model.core.written > 0));
