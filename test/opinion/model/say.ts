/** What the model orders: the same values as the effects of the project, so that one reader serves both. */
import type { Effect } from '../../../src/index.js';
import type { Model, Sent } from './model.js';

type Report = Extract<Effect, { type: 'report' }>['report'];
type Reason = Extract<Report, { type: 'returned' }>['reason'];
type Nonza = Extract<Effect, { type: 'write' }>['nonza'];
type Violation = Extract<Effect, { type: 'stream.error' }>['violation'];
type StoreOrder = Extract<Effect, { type: `store.${string}` }>;

const xmlns = (sm2: boolean) => (sm2 ? 'urn:xmpp:sm:2' : 'urn:xmpp:sm:3');

export const say = (model: Model, effect: Effect) => {
  model.out.push(effect);
};

export const write = (model: Model, nonza: Nonza, sm2 = model.sm2) =>
  say(model, { type: 'write', nonza, xmlns: xmlns(sm2), epoch: model.epoch });

export const carry = (model: Model, nonza: Nonza) =>
  say(model, { type: 'carry', nonza, xmlns: xmlns(model.sm2), epoch: model.epoch });

export const transmit = (model: Model, xml: string) => say(model, { type: 'transmit', xml, epoch: model.epoch });

export const close = (model: Model, graceful = true) =>
  say(model, { type: 'link.close', graceful, epoch: model.epoch });

export const streamError = (model: Model, violation: Violation) =>
  say(model, { type: 'stream.error', violation, epoch: model.epoch });

export const order = (model: Model, effect: StoreOrder) => say(model, effect);

export const report = (model: Model, told: Report) => say(model, { type: 'report', report: told });

export const returned = (model: Model, reason: Reason, stanzas: readonly Sent[], written: number) => {
  if (stanzas.length === 0) return;
  report(model, {
    type: 'returned',
    reason,
    stanzas: stanzas.map((stanza, index) => ({ ...stanza, written: index < written })),
  });
};

export const misuse = (model: Model, event: string) =>
  report(model, { type: 'misuse', failure: { kind: 'localMisuse', event, state: '', reason: '' } });

export const tolerate = (model: Model) =>
  report(model, { type: 'toleratedViolation', failure: { kind: 'toleratedViolation', text: '' }, state: '' });

export const violation = (condition: Violation['condition']): Violation => ({
  kind: 'peerViolation',
  condition,
  text: '',
});

export type { Nonza, Reason, Report, Violation };
