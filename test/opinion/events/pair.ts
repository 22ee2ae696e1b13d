/** The project and the model side by side: both get the same event, and then everything is compared. */
import { isDeepStrictEqual } from 'node:util';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Effect, SmEvent, State } from '../../../src/index.js';
import { compareFacts, compareStates, type Disagreement, demandsMisuse, differs, soft } from '../compare/compare.js';
import { type Facts, factsOf } from '../compare/facts.js';
import { Fates, handledWasReceived, timersAgree, unchanged } from '../compare/laws.js';
import { before as asked, compareQuestions, tooEager } from '../compare/questions.js';
import { compareTimers } from '../compare/timers.js';
import { engine, policyFrom } from '../engine.js';
import { isMalformed } from '../model/meaning.js';
import { freshModel, type Model } from '../model/model.js';
import { find, keep } from '../model/record.js';
import { stepModel } from '../model/step.js';
import { give } from './donor.js';
import type { History, Op } from './op.js';
import { resolve } from './resolve.js';

export interface Pair {
  readonly changes: History['policy'];
  state: State;
  model: Model;
  readonly fates: Fates;
  readonly running: Map<string, number>;
  now: number;
  /** The two went on in ways that cannot be compared: the history is over. */
  over: boolean;
  /** Disagreements after which the two went on. */
  readonly soft: Disagreement[];
  /** What happened in the last move, for the report. */
  last: { event: unknown; project: readonly Effect[]; model: readonly Effect[] };
}

export const START = 1_000_000_000_000;

export const pairFor = ({ role, policy: changes }: History): Pair => {
  const policy = policyFrom(changes);
  const epoch = role === 'server' ? 1 : undefined;
  return {
    changes,
    state: epoch === undefined ? engine.open(role, policy) : engine.open(role, policy, epoch),
    model: freshModel(role, policy, 1),
    fates: new Fates(),
    running: new Map(),
    now: START,
    over: false,
    soft: [],
    last: { event: null, project: [], model: [] },
  };
};

export const move = (pair: Pair, op: Op): Disagreement | null => {
  pair.now += op.dt;
  pair.last = { event: op, project: [], model: [] };
  try {
    return op.type === 'restart' ? restart(pair) : meet(pair, op);
  } catch (error) {
    return {
      about: 'throws',
      project: error instanceof Error ? (error.stack ?? '') : String(error),
      model: 'never throws',
    };
  }
};

const meet = (pair: Pair, op: Op): Disagreement | null => {
  const event = resolve(op, pair.model, pair.now);
  if (Number.isFinite(event.at)) pair.now = Math.max(pair.now, event.at);
  if (op.donor !== undefined) {
    const given = give(op.donor, pair.changes, op.id);
    // A server answers for every stanza that its store hands to it, also when the claim is in vain.
    if (pair.model.role === 'server' && !isMalformed(pair.model, event))
      for (const key of given.keys) pair.fates.sent(key);
    return advance(
      pair,
      { ...event, session: given.session } as SmEvent,
      { ...event, session: given.core } as unknown as SmEvent,
    );
  }
  return advance(pair, event, event);
};

const advance = (pair: Pair, event: SmEvent, theirs: SmEvent): Disagreement | null => {
  const { model, state: before } = pair;
  const malformed = isMalformed(model, event);
  if (event.type === 'app.send' && !malformed) pair.fates.sent(String(event.stanza.key));
  if (event.type.startsWith('timer.') && !malformed) fired(pair, event);
  const earlier = asked(model);
  const wasQueued = model.core.queue;
  const [state, effects] = engine.step(before, event);
  const facts = factsOf(effects);
  const demanded = demandsMisuse(model, event);
  const ordered = stepModel(model, theirs, choicesOf(facts, event));
  const expected = factsOf(ordered);
  pair.state = state;
  pair.last = { event, project: effects, model: ordered };
  if (!malformed) settleFates(pair, facts, event, wasQueued);
  return (
    note(pair, compareFacts(facts, expected)) ??
    note(pair, demanded ? soft(differs('misuse', facts.misuses, expected.misuses)) : null) ??
    note(pair, freshPosition(pair, facts)) ??
    note(pair, tooEager(model, facts, event, earlier)) ??
    unchanged(before, state, effects) ??
    compareQuestions(model, facts, expected, event, earlier) ??
    inEveryState(pair, facts, event.type)
  );
};

/** What the clauses leave to the project: whether a question follows, and whether a stanza that may wait does. */
const choicesOf = (facts: Facts, event: SmEvent) => ({
  asks: facts.asks > 0,
  trims: facts.acknowledged.length,
  writes: event.type === 'app.send' && facts.wire.some((text) => text.startsWith(`${event.stanza.key} `)),
});

/** The adapter's clock has run off: the timer runs no more, unless it is set again. */
const fired = (pair: Pair, event: SmEvent) => {
  const timer = event.type.slice('timer.'.length);
  const deadline = pair.running.get(timer);
  if (deadline !== undefined && event.at >= deadline) pair.running.delete(timer);
};

const settleFates = (pair: Pair, facts: Facts, event: SmEvent, wasQueued: Model['core']['queue']) => {
  const { model, fates } = pair;
  if (event.type === 'app.send') {
    const key = String(event.stanza.key);
    // A server's stream that counts nothing yet carries the stanza, and the pair does not ask about it again.
    if (facts.returned.length === 0 && !model.core.queue.some((sent) => sent.key === key)) fates.release(key);
  }
  // What waited while a claim was decided comes back; a queue goes with its session to another link.
  if (facts.told.includes('superseded') && facts.returned.length === 0)
    for (const { key } of wasQueued) fates.release(String(key));
};

const inEveryState = (pair: Pair, facts: Facts, type: string): Disagreement | null => {
  const { model, state, fates } = pair;
  for (const found of compareTimers(state, model, pair.now, type)) note(pair, found);
  note(pair, timersAgree(pair.running, facts, state));
  return (
    handledWasReceived(state) ?? compareStates(state, model) ?? fates.settle(facts) ?? fates.missing(model.core.queue)
  );
};

/** Keeps a disagreement that the two survive, and lets the model go on as the project does. */
const note = (pair: Pair, found: Disagreement | null) => {
  if (found?.soft !== true) return found;
  pair.soft.push(found);
  return null;
};

/** A position is a number that no stanza had before. Which number it is, is free: the model takes it over. */
const freshPosition = ({ model: { core } }: Pair, { delivered }: Facts): Disagreement | null => {
  const [given] = delivered;
  if (given === undefined || given === 'null' || Number(given) === core.position) return null;
  const position = Number(given);
  const count = core.positions.get(core.position);
  const last = core.position - 1;
  core.positions.delete(core.position);
  if (count !== undefined) core.positions.set(position, count);
  core.position = position;
  return position > last ? null : soft(differs('a position that was given before', position, `above ${last}`));
};

/** The process ends, and another one begins from its record. */
const restart = (pair: Pair): Disagreement | null => {
  const { model } = pair;
  const record = JSON.stringify(engine.toRecord(pair.state));
  const restored = engine.restore(JSON.parse(record), model.policy, pair.now);
  if (isLeft(restored)) return { about: 'restore', project: restored.left.reason, model: 'restores its own record' };
  note(pair, unusable(record));
  const [state, effects] = restored.right;
  const [found, ordered] = find(JSON.parse(JSON.stringify(keep(model), asList), asSet), model.policy, pair.now);
  pair.state = state;
  pair.model = found;
  pair.running.clear();
  pair.last = { event: { type: 'restart' }, project: effects, model: ordered };
  const facts = factsOf(effects);
  // A session without a link is the same session in a new process.
  if (model.asleep && model.phase === 'unlinked' && found.asleep) {
    const kept = engine.toRecord(state);
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(kept)), JSON.parse(record))) {
      note(pair, soft(differs('a record of a restored session', JSON.stringify(kept), record)));
    }
  }
  return note(pair, compareFacts(facts, factsOf(ordered))) ?? inEveryState(pair, facts, 'restart');
};

/** A record that cannot be continued gives its stanzas back (law 8). */
const unusable = (record: string): Disagreement | null => {
  const kept = JSON.parse(record) as { unacked: readonly { key: string | null }[] };
  const restored = engine.restore({ ...kept, configuration: 'elsewhere' }, engine.policy({}), START);
  const keys = (list: readonly { key: string | null }[] | undefined) => list?.map(({ key }) => key).join(' ');
  const given = isLeft(restored) ? keys(restored.left.stanzas) : 'restored';
  return soft(differs('the stanzas of a record that cannot be continued', given, keys(kept.unacked)));
};

/** A record of the model is JSON too. */
const asList = (_: string, value: unknown) => {
  if (value instanceof Set) return { isSet: [...value] };
  return value instanceof Map ? { isMap: [...value] } : value;
};
const asSet = (_: string, value: { isSet?: []; isMap?: [] } | null) => {
  if (value?.isSet !== undefined) return new Set(value.isSet);
  return value?.isMap === undefined ? value : new Map(value.isMap);
};
