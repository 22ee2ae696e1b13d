/** Compares what the project did in one step with what the model did. The answer is the first thing in which they differ. */
import type { SmEvent, State } from '../../../src/index.js';
import { engine } from '../engine.js';
import { onWire } from '../model/counting.js';
import { isMalformed } from '../model/meaning.js';
import type { Model } from '../model/model.js';
import type { Facts } from './facts.js';

export interface Disagreement {
  /** Which thing differs: the same for histories that show the same fault. */
  readonly about: string;
  readonly project: string;
  readonly model: string;
  /** The two can go on side by side: the model takes over what the project did. */
  readonly soft?: true;
}

export const soft = (found: Disagreement | null): Disagreement | null =>
  found === null ? null : { ...found, soft: true };

type Group = 'wire' | 'delivered' | 'acknowledged' | 'returned' | 'store' | 'told';
const GROUPS: readonly Group[] = ['wire', 'delivered', 'acknowledged', 'returned', 'store', 'told'];

export const differs = (about: string, project: unknown, model: unknown): Disagreement | null =>
  project === model ? null : { about, project: String(project), model: String(model) };

export const compareFacts = (project: Facts, model: Facts): Disagreement | null => {
  for (const group of GROUPS) {
    const [ours, theirs] = [project[group], model[group]];
    // The order of reports about different things is free; that of stanzas and of elements is not.
    const text = (facts: readonly string[]) => (group === 'told' ? [...facts].sort() : facts).join('; ');
    const found = differs(group, text(ours), text(theirs));
    if (found === null) continue;
    if (group === 'delivered' && bothPositions(ours, theirs)) continue;
    return group === 'told' ? soft({ ...found, about: `told ${onlyOne(ours, theirs)}` }) : found;
  }
  // the h of a session that is over may be forgotten, but it is never another one.
  const wrongH = project.lastH.filter((told) => !model.lastH.includes(told));
  if (model.lastH.length > 0 && wrongH.length > 0)
    return differs('the last h of a session', wrongH.join('; '), model.lastH.join('; '));
  if (model.tolerated && !project.tolerated && model.told.length + model.wire.length === 0) {
    // a regressed h is reported. In other places silence is an answer too.
    return project.complaints > 0 ? null : { about: 'tolerated', project: 'silent', model: 'reports it', soft: true };
  }
  return null;
};

/** Such an event is reported as misuse, or not at all; what else is a complaint is free. */
export const demandsMisuse = (model: Model, event: SmEvent): boolean =>
  isMalformed(model, event) || model.phase === 'ended' || event.type === 'app.handled';

/** The names of the reports that only one of the two makes. */
const onlyOne = (ours: readonly string[], theirs: readonly string[]) => {
  const differing = [
    ...ours.filter((fact) => !theirs.includes(fact)),
    ...theirs.filter((fact) => !ours.includes(fact)),
  ];
  return [...new Set(differing.map((fact) => fact.split(' ')[0]))].sort().join(' ');
};

const bothPositions = (ours: readonly string[], theirs: readonly string[]) =>
  ours.length === 1 && theirs.length === 1 && ours[0] !== 'null' && theirs[0] !== 'null';

/** Phases in which the counters mean something. */
const counts = ({ phase, asleep }: Model) => asleep || phase === 'enabled';

export const compareStates = (state: State, model: Model): Disagreement | null => {
  const { session } = state;
  const { core } = model;
  const found =
    differs('over', engine.hasTag(state, 'over'), model.phase === 'ended') ??
    differs('hibernating', engine.hasTag(state, 'hibernating'), model.asleep) ??
    differs('superseded', engine.hasTag(state, 'superseded'), model.superseded);
  if (found !== null) return found;
  if (model.phase === 'ended') return differs('queue', session.unacked.length, 0);
  return (
    (model.phase === 'cancelling' ? null : differs('epoch', session.link.epoch, model.epoch)) ??
    differs('SM-ID', session.smId, core.smId) ??
    (counts(model) ? compareCounters(state, model) : null) ??
    compareQueues(state, model)
  );
};

const compareCounters = ({ session }: State, { core }: Model) =>
  differs('acked', session.acked, onWire(core.acked)) ??
  differs('handled', session.handled, onWire(core.handled)) ??
  differs('received', session.received, onWire(core.received)) ??
  differs('owner', session.owner, core.owner) ??
  // It decides what the store answers to an h beyond the queue. An older build may not have it.
  differs('restored', session.isRestored ?? core.restored, core.restored);

const compareQueues = (state: State, { core }: Model) => {
  const { session } = state;
  const counted =
    differs('queue', session.unacked.length, core.queue.length) ?? differs('written', session.written, core.written);
  if (counted !== null || core.queue.length === 0) return counted;
  const { unacked } = engine.toRecord(state);
  if (!unacked.every(({ at }) => Number.isFinite(at))) return differs('the time of a stanza', 'none', 'a number');
  const keys = (list: readonly { key: string | null }[]) => list.map(({ key }) => key).join(' ');
  return differs('queue', keys(unacked), keys(core.queue));
};
