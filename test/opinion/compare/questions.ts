/** The `<r/>` elements of one step: never two at a time, in time, and not for each stanza (P-1). */
import type { SmEvent } from '../../../src/index.js';
import { batch, unasked } from '../model/asking.js';
import type { Model } from '../model/model.js';
import { full } from '../model/outbound.js';
import { type Disagreement, differs } from './compare.js';
import type { Facts } from './facts.js';

interface Before {
  /** A question waited for its answer. */
  readonly open: boolean;
  readonly idle: number | null;
}

export const compareQuestions = (
  model: Model,
  facts: Facts,
  expected: Facts,
  event: SmEvent,
  before: Before,
): Disagreement | null => {
  const found = differs('questions', facts.asks, expected.asks);
  if (found !== null) return found;
  if (facts.asksEarly) return { about: 'question before a stanza', project: 'asks first', model: 'asks last' };
  if (model.phase !== 'enabled' || model.question !== null) return null;
  const asked = event.type === 'app.requestAck' && !before.open;
  const idle = event.type === 'timer.ackIdle' && before.idle !== null && event.at >= before.idle;
  return asked || idle ? { about: `no question after ${event.type}`, project: 'none', model: 'asks' } : null;
};

/** Is this question one for a single stanza, although the batch has room? */
export const tooEager = (model: Model, facts: Facts, event: SmEvent, unaskedBefore: number) =>
  facts.asks > 0 &&
  event.type === 'app.send' &&
  !full(model) &&
  !model.inactive &&
  unaskedBefore + 1 <= batch(model) &&
  unasked(model) === 0;
