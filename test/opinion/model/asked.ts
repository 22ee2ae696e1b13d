/** A server that waits for its store: the ways in which the wait ends without an answer that helps. */
import { onWire } from './counting.js';
import { end } from './ends.js';
import { type Core, freshCore, type Model } from './model.js';
import { uncounted } from './outbound.js';
import { close, type Nonza, order, type Reason, report, returned, streamError, type Violation, write } from './say.js';

type Condition = NonNullable<Extract<Nonza, { name: 'failed' }>['condition']>;

export interface Refusal {
  readonly condition: Condition;
  readonly text?: string | undefined;
  readonly h?: unknown;
}

export const waitsForStore = ({ phase }: Model) => phase === 'granting' || phase === 'claiming';

/** `<failed/>`, in the version of the element that it answers, or of the stream. */
export const refuse = (model: Model, { condition, h, text }: Refusal, sm2 = model.sm2) => {
  write(
    model,
    {
      name: 'failed',
      condition,
      ...(h === undefined ? {} : { h: h as never }),
      ...(text === undefined ? {} : { text }),
    },
    sm2,
  );
  report(model, { type: 'refused', condition, state: '' });
};

/** The request is refused, and everything is as before it. The stanzas that waited are written, and never counted. */
export const refuseRequest = (model: Model, why: Refusal) => {
  const { owner, position, queue } = model.core;
  refuse(model, why, model.request.sm2);
  model.core = { ...freshCore(model.policy, position), owner };
  model.phase = model.back;
  uncounted(model, queue);
};

export const storeFault = (model: Model, reason: string) =>
  report(model, { type: 'storeFault', failure: { kind: 'storeFault', reason }, state: '' });

/** The time of the store is over. */
export const unanswered = (model: Model) => {
  storeFault(model, 'no answer');
  if (model.phase === 'cancelling') return end(model, 'closed');
  refuseRequest(model, { condition: 'internal-server-error' });
};

/** A session that no claim of this link waits for: it is over, and its stanzas go back. */
export const giveBack = (model: Model, { owner, smId, handled, queue, written }: Core) => {
  storeFault(model, 'not what was claimed');
  if (owner !== null && smId !== null) order(model, { type: 'store.expire', owner, smId, h: onWire(handled) as never });
  returned(model, 'storeFault', queue, written);
};

/** A link ends while the store has yet to answer: it is as if it had never asked. */
export const cancel = (model: Model, reason: Reason, byApp = false) => {
  const { core } = model;
  returned(model, reason, core.queue, 0);
  core.queue = [];
  core.smId = null;
  model.closed = byApp;
  model.request = { ...model.request, resumable: model.phase === 'claiming' };
  model.timers.storeWait = null;
  model.phase = 'cancelling';
};

/** The stream ends with an error while the store has yet to answer. */
export const failAsked = (model: Model, failure: Violation, reason: Reason = 'violation') => {
  report(model, { type: 'violation', failure, state: '' });
  streamError(model, failure);
  close(model);
  cancel(model, reason);
};
