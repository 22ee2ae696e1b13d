/** The `<r/>` elements of one step: never two at a time, in time, and not for each stanza (P-1). */
import type { SmEvent } from '../../../src/index.js';
import { batch, unasked } from '../model/asking.js';
import { isMalformed } from '../model/meaning.js';
import type { Model } from '../model/model.js';
import { full } from '../model/outbound.js';
import { type Disagreement, differs } from './compare.js';
import type { Facts } from './facts.js';

export interface Before {
  /** A question waited for its answer. */
  readonly open: boolean;
  readonly idle: number | null;
  /** Stanzas that were written since the last question, and those that waited. */
  readonly unasked: number;
  readonly held: number;
}

export const before = (model: Model): Before => ({
  open: model.question !== null,
  idle: model.timers.ackIdle,
  unasked: unasked(model),
  held: model.core.queue.length - model.core.written,
});

export const compareQuestions = (
  model: Model,
  facts: Facts,
  expected: Facts,
  event: SmEvent,
  earlier: Before,
): Disagreement | null => {
  const found = differs('questions', facts.asks, expected.asks);
  if (found !== null) return found;
  if (facts.asksEarly) return { about: 'question before a stanza', project: 'asks first', model: 'asks last' };
  if (model.phase !== 'enabled' || model.question !== null || isMalformed(model, event)) return null;
  const asked = event.type === 'app.requestAck' && !earlier.open;
  const idle = event.type === 'timer.ackIdle' && earlier.idle !== null && event.at >= earlier.idle;
  return asked || idle ? { about: `no question after ${event.type}`, project: 'none', model: 'asks' } : null;
};

/** Is this question one for a single stanza, although the batch has room? */
export const tooEager = (model: Model, facts: Facts, event: SmEvent, earlier: Before): Disagreement | null => {
  if (facts.asks === 0 || event.type !== 'app.send' || earlier.held > 0 || full(model) || model.inactive) return null;
  if (earlier.unasked + 1 > batch(model)) return null;
  return { about: 'a question before its batch is full', project: 'asks', model: 'waits', soft: true };
};
