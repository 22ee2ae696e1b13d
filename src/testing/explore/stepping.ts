/** An event for a session, and its effects: one event, then all its effects in order, then what the embedder does about them. */
import type { Effect, SmEvent, State } from '../../index.js';
import type { Answer, Plan } from './options.js';
import { performReport } from './reports.js';
import { checkStep } from './step-rules.js';
import { performInStore } from './store-effects.js';
import { accountOf, actorOf, amend, blame, nameOf, note, serverAt, type Turn, type Untimed, type Who } from './turn.js';
import { close, put } from './wire.js';

export const happen = (turn: Turn, who: Who, event: Untimed): void => {
  turn.later.push({ who, event });
  if (turn.isBusy) return;
  turn.isBusy = true;
  for (let next = turn.later.shift(); next !== undefined; next = turn.later.shift())
    stepNow(turn, next.who, next.event);
  turn.isBusy = false;
};

const stepNow = (turn: Turn, who: Who, untimed: Untimed): void => {
  const before = actorOf(turn, who).state;
  const event = { ...untimed, at: timeAt(turn, who, untimed) } as SmEvent;
  const [after, effects] = answerTo(turn.plan, before, event);
  amend(turn, who, { state: after });
  for (const effect of effects) perform(turn, who, effect);
  checkStep(turn, who, before, event, effects);
};

/** `step` is pure, and most steps are steps of many worlds: so its answer is kept. A session in an event would make a long name. */
const answerTo = ({ core, answers }: Plan, before: State, event: SmEvent): Answer => {
  if (event.type === 'store.claimed') return timelessAnswer(core.step(before, event));
  const ofState = answers.get(before) ?? new Map<string, Answer>();
  answers.set(before, ofState);
  const name = JSON.stringify(event);
  const known = ofState.get(name);
  if (known !== undefined) return known;
  const answer = timelessAnswer(core.step(before, event));
  ofState.set(name, answer);
  return answer;
};

const timelessAnswer = ([after, effects]: Answer): Answer => [timeless(after), effects];

export const setState = (turn: Turn, who: Who, state: State): void => {
  amend(turn, who, { state: timeless(state) });
};

export const perform = (turn: Turn, who: Who, effect: Effect): void => {
  switch (effect.type) {
    case 'write':
      put(turn, who, effect.epoch, { type: 'nonza', nonza: effect.nonza, xmlns: effect.xmlns });
      return;
    case 'carry':
      turn.carried.push(effect.nonza);
      return;
    case 'transmit':
      put(turn, who, effect.epoch, { type: 'stanza', key: keyIn(effect.xml) });
      return;
    case 'replay':
      for (const { xml } of effect.stanzas) put(turn, who, effect.epoch, { type: 'stanza', key: keyIn(xml) });
      return;
    case 'stream.error':
      put(turn, who, effect.epoch, { type: 'error', condition: effect.violation.condition });
      return;
    case 'link.close':
      close(turn, who, effect.epoch, effect.graceful);
      return;
    case 'deliver':
      deliver(turn, who, effect.position);
      return;
    case 'timer.set':
      setRunning(turn, who, effect.timer, true);
      return;
    case 'timer.clear':
      setRunning(turn, who, effect.timer, false);
      return;
    case 'report':
      performReport(turn, who, effect.report);
      return;
    default:
      if (who !== 'client') performInStore(turn, who, effect);
  }
};

/** The XML of a stanza is as short as it can be, because only the name of the stanza matters. */
export const stanzaOf = (key: string): string => `<message id='${key}'/>`;

const keyIn = (xml: string): string => xml.slice("<message id='".length, -"'/>".length);

/** The arriving stanza goes to the application. Without `deferHandling` the application has handled the stanza at once. */
const deliver = (turn: Turn, who: Who, position: number | null): void => {
  const key = turn.arriving;
  if (key === null) {
    blame(turn, 'once', () => `${nameOf(who)} delivers a stanza when none arrived`);
    return;
  }
  turn.arriving = null;
  const actor = actorOf(turn, who);
  const isHandled = position === null || !actor.state.policy.deferHandling;
  note(turn, key, isHandled ? 'handled' : 'seen');
  if (position === null) return;
  const known = actor.taken.findIndex((taken) => taken.key === key);
  const status = isHandled ? 'handled' : 'delivered';
  if (known >= 0 && actor.taken[known]?.status !== 'lost')
    blame(turn, 'once', () => `${nameOf(who)} delivers ${key} a second time in its session`);
  checkOrder(turn, who, key);
  const taken = known < 0 ? [...actor.taken, { key, status } as const] : actor.taken.with(known, { key, status });
  amend(turn, who, { taken, ...(isHandled ? {} : { inbox: [...actor.inbox, { key, position }] }) });
};

/** Within a session stanzas arrive in the order in which they were sent; a gap holds only stanzas that were given back. */
const checkOrder = (turn: Turn, who: Who, key: string): void => {
  const before = actorOf(turn, who)
    .taken.filter((taken) => taken.status !== 'lost')
    .at(-1)?.key;
  if (before === undefined) return;
  const [from, to] = [Number(before.slice(1)), Number(key.slice(1))];
  if (to <= from && actorOf(turn, who).taken.every((taken) => taken.key !== key))
    blame(turn, 'once', () => `${nameOf(who)} delivers ${key} after ${before}`);
  for (let n = from + 1; n < to; n++) {
    const between = `${key[0]}${n}`;
    if (accountOf(turn, between) !== 'settled' && actorOf(turn, who).taken.every((taken) => taken.key !== between))
      blame(turn, 'once', () => `${nameOf(who)} delivers ${key} without ${between}`);
  }
};

const setRunning = (turn: Turn, who: Who, timer: string, runs: boolean): void => {
  const others = actorOf(turn, who).running.filter((name) => name !== timer);
  amend(turn, who, { running: (runs ? [...others, timer].sort() : others) as typeof others });
};

/**
 * Time is abstract: it is 0, and every deadline is 1. A timer that runs fires at 1 whenever the walk says so, and its actions set new
 * timers to 1 again. So the order of two deadlines does not matter, and all orders are walked. A core compares a deadline with the time of
 * an event only, so no other number can make a difference. A deadline that stands although its timer fired is in the past: time is 1 then.
 */
const timeAt = (turn: Turn, who: Who, event: Untimed): number => {
  if (event.type.startsWith('timer.')) return 1;
  const { state, running } = actorOf(turn, who);
  return state.session.timers.resumption !== null && !running.includes('resumption') ? 1 : 0;
};

const timeless = (state: State): State => {
  const { ackIdle, ackWait, overflowGrace, resumption } = state.session.timers;
  if (isCanonical(ackIdle) && isCanonical(ackWait) && isCanonical(overflowGrace) && isCanonical(resumption))
    return state;
  const timers = {
    ...state.session.timers,
    ackIdle: canonical(ackIdle),
    ackWait: canonical(ackWait),
    overflowGrace: canonical(overflowGrace),
    resumption: canonical(resumption),
  };
  return { ...state, session: { ...state.session, timers } };
};

const isCanonical = (deadline: number | null): boolean => deadline === null || deadline === 1;
const canonical = (deadline: number | null): number | null => (deadline === null ? null : 1);

/** Whether the server session reads no input now, because it waits for the store. */
export const isPaused = (turn: Turn, index: number): boolean =>
  turn.plan.core.hasTag(serverAt(turn, index).state, 'asksStore');
