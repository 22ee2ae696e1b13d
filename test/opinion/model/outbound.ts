/** Stanzas on their way out: the queue, its limits, and what an h takes off it. */

import { failAsked } from './asked.js';
import { judge, onWire, sendCount } from './counting.js';
import { end, fail } from './ends.js';
import { type Model, type Sent, size } from './model.js';
import { report, returned, tolerate, transmit, violation } from './say.js';

/** Would the queue pass its limit, taken so many times, with this stanza? */
const wouldPass = (model: Model, stanza: Sent, times: number) =>
  model.core.queue.length + 1 > model.policy.maxQueueStanzas * times ||
  size(model.core) + stanza.xml.length > model.policy.maxQueueBytes * times;

export const full = ({ core, policy }: Model) =>
  core.queue.length >= policy.maxQueueStanzas || size(core) >= policy.maxQueueBytes;

/** Writes what waits, in order. */
export const flush = (model: Model) => {
  const { core } = model;
  for (const { xml } of core.queue.slice(core.written)) transmit(model, xml);
  core.written = core.queue.length;
};

const waitsForLink = (model: Model) => model.asleep || (model.role === 'client' && isBefore(model));
const isBefore = ({ phase }: Model) =>
  phase === 'unlinked' ||
  phase === 'unauthenticated' ||
  phase === 'authenticated' ||
  phase === 'verified' ||
  phase === 'bound';

export const send = (model: Model, stanza: Sent, mayWait: boolean) => {
  const { core, phase } = model;
  if (phase === 'ended' || phase === 'cancelling') return returned(model, 'closed', [stanza], 0);
  if (waitsForLink(model)) return sendWithoutLink(model, stanza);
  if (phase === 'granting' || phase === 'claiming') return hold(model, stanza);
  if (phase !== 'enabled' && phase !== 'enabling') return uncounted(model, [stanza]);
  // A live stream has no holes (law 8): the stanza goes back together with the whole queue.
  const over = wouldPass(model, stanza, 2);
  core.queue.push(stanza);
  if (over) return fail(model, violation('policy-violation'), 'overflow');
  if (!(model.inactive && mayWait) || full(model) || model.choices?.writes === true) flush(model);
};

/** While the store decides, it is not known yet whether the stanza counts. */
const hold = (model: Model, stanza: Sent) => {
  const over = wouldPass(model, stanza, 2);
  model.core.queue.push(stanza);
  if (over) failAsked(model, violation('policy-violation'), 'overflow');
};

/** Stanzas of a stream without stream management: no acknowledgement will come. */
export const uncounted = (model: Model, stanzas: readonly Sent[]) => {
  for (const { xml } of stanzas) transmit(model, xml);
  returned(model, 'unmanaged', stanzas, stanzas.length);
};

const sendWithoutLink = (model: Model, stanza: Sent) => {
  const { core } = model;
  const over = wouldPass(model, stanza, 1);
  if (over && model.role === 'client') return returned(model, 'queueFull', [stanza], 0);
  core.queue.push(stanza);
  if (over) return end(model, 'overflow');
  if (model.role === 'server') report(model, { type: 'stanzaQueued', stanza });
};

/** Takes acknowledged stanzas off the queue. */
export const trim = (model: Model, count: number) => {
  const { core } = model;
  const stanzas = core.queue.splice(0, count);
  core.written -= count;
  core.acked += count;
  if (core.acked > model.askedUpTo) model.askedUpTo = core.acked;
  if (stanzas.length > 0) report(model, { type: 'acknowledged', stanzas });
};

export const tooHigh = (model: Model, h: number) => ({
  ...violation('undefined-condition'),
  handledCountTooHigh: { h: h as never, sendCount: onWire(sendCount(model.core)) as never },
});

/** `<a/>`, asked for or not. */
export const acknowledged = (model: Model, h: number | undefined) => {
  if (h === undefined) return fail(model, violation('invalid-xml'));
  const verdict = judge(model.core, h);
  if (!verdict.legal && verdict.tooHigh) return fail(model, tooHigh(model, h));
  if (!verdict.legal) return tolerate(model);
  // A link that was given up for its silence stays so.
  if (model.question?.dead === false) model.question = null;
  trim(model, verdict.count);
};
