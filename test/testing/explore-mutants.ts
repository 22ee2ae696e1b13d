/** Cores with one deliberate fault each: the real functions, and a wrong answer in one place. The ids are those of the kinds of faults that were found. */
import {
  type Effect,
  hasTag,
  type PolicyChanges,
  policy,
  type SmEvent,
  type State,
  step,
  type TimerName,
  toRecord,
  uint32,
} from '../../src/index.js';
import type { Core, ExploreOptions, RuleName } from '../../src/testing.js';

export interface Mutant {
  readonly name: string;
  readonly core: Partial<Core>;
  /** What has to happen for the fault to show. */
  readonly options: ExploreOptions;
  readonly rule: RuleName;
}

type Stepped = readonly [State, readonly Effect[]];

/** Replaces the answer of the core, where `wrong` gives another one. */
const stepping = (wrong: (state: State, event: SmEvent, answer: Stepped) => Stepped | undefined): Partial<Core> => ({
  step: (state, event) => {
    const answer = step(state, event);
    return wrong(state, event, answer) ?? answer;
  },
});

const withSession = (state: State, changes: Partial<State['session']>): State => ({
  ...state,
  session: { ...state.session, ...changes },
});

const withTimer = (state: State, timer: TimerName, deadline: number | null): State =>
  withSession(state, { timers: { ...state.session.timers, [timer]: deadline } });

const writes = (effects: readonly Effect[], name: string): boolean =>
  effects.some((effect) => effect.type === 'write' && effect.nonza.name === name);

const without = (effects: readonly Effect[], unwanted: (effect: Effect) => boolean): readonly Effect[] =>
  effects.filter((effect) => !unwanted(effect));

const setsTimer =
  (timer: TimerName) =>
  (effect: Effect): boolean =>
    effect.type === 'timer.set' && effect.timer === timer;

const policies = (changes: PolicyChanges): NonNullable<ExploreOptions['policies']> => ({
  client: policy(changes),
  server: policy(changes),
});

const DEFERRED = policies({ deferHandling: true });
const NARROW = policies({ maxQueueStanzas: 2, maxUnackedStanzas: 1 });

export const mutants: readonly Mutant[] = [
  {
    name: 'K1: a stanza that is handled out of order moves h',
    core: stepping((_state, event, [after, effects]) =>
      event.type === 'app.handled' && after.session.handledOutOfOrder.size > 0
        ? [withSession(after, { handled: uint32(after.session.handled + 1) }), effects]
        : undefined,
    ),
    options: { bounds: { serverSends: 2 }, policies: DEFERRED },
    rule: 'h',
  },
  {
    name: 'K2: a record leaves out what was handled out of order',
    core: { toRecord: (state) => ({ ...toRecord(state), handledOutOfOrder: [] }) },
    options: { bounds: { serverSends: 2, clientRestarts: 1 }, policies: DEFERRED },
    rule: 'once',
  },
  {
    name: 'K3: an illegal h of <failed/> is reported as a fact',
    core: stepping((_state, event, [after, effects]) =>
      event.type === 'peer.failed' && event.h !== undefined
        ? [after, effects.map((effect) => toldH(effect, event.h))]
        : undefined,
    ),
    options: { bounds: { cuts: 1, refusals: 1, lies: 1 }, except: ['peace'] },
    rule: 'h',
  },
  {
    name: 'K4: a session that the store gives late is dropped',
    core: stepping((state, event) =>
      event.type === 'store.claimed' && !hasTag(state, 'resuming') && !hasTag(state, 'cancelling')
        ? [state, []]
        : undefined,
    ),
    options: { bounds: { cuts: 1, serverSends: 1, lateAnswers: 1 }, slowStore: true, except: ['peace'] },
    rule: 'fate',
  },
  {
    name: 'K5: a session that is closed while the store is asked hibernates',
    core: stepping((state, event) =>
      event.type === 'app.close' && hasTag(state, 'asksStore')
        ? step(state, { type: 'link.lost', at: event.at, epoch: state.session.link.epoch })
        : undefined,
    ),
    options: { bounds: { cuts: 1, closes: 1 }, slowStore: true },
    rule: 'closes',
  },
  {
    name: 'K6: a peer whose time runs out is not asked',
    core: stepping((_state, _event, [after, effects]) =>
      after.session.timers.overflowGrace !== null && writes(effects, 'r')
        ? [withTimer(after, 'ackWait', null), without(effects, setsTimer('ackWait'))]
        : undefined,
    ),
    options: { bounds: { serverSends: 2 }, policies: NARROW },
    rule: 'asks',
  },
  {
    name: 'K9: a client gives its stanzas up when its time is over',
    core: stepping((state, event) =>
      event.type === 'timer.resumption' && state.role === 'client'
        ? expired(step(state, { type: 'app.close', at: event.at }))
        : undefined,
    ),
    options: { bounds: { clientSends: 1, cuts: 1, expiries: 1 }, timers: ['resumption'] },
    rule: 'clock',
  },
  {
    name: 'K10: an h beyond an old record is a violation',
    core: stepping((state, event) =>
      event.type === 'peer.resumed' &&
      event.h !== undefined &&
      uint32(event.h - state.session.acked) > state.session.written
        ? step(state, { type: 'peer.violation', at: event.at, epoch: event.epoch, violation: TOO_HIGH })
        : undefined,
    ),
    options: { bounds: { clientSends: 1, clientRestarts: 1, records: 1 } },
    rule: 'peace',
  },
  {
    name: 'K11: a stream error is no answer to <resume/>',
    core: stepping((state, event) =>
      event.type === 'peer.error' && hasTag(state, 'resuming')
        ? step(state, { type: 'link.lost', at: event.at, epoch: event.epoch })
        : undefined,
    ),
    options: { bounds: { cuts: 1, lostQueues: 1 }, except: ['peace'] },
    rule: 'rest',
  },
  {
    name: 'K13: a session begins with a full queue, and no grace period begins',
    core: stepping((_state, event, [after, effects]) =>
      event.type === 'peer.enabled'
        ? [withTimer(after, 'overflowGrace', null), without(effects, setsTimer('overflowGrace'))]
        : undefined,
    ),
    options: { bounds: { clientSends: 2 }, policies: NARROW },
    rule: 'asks',
  },
  {
    name: 'K14: a timer that fired stands as running',
    core: stepping((_state, event, [after]) =>
      event.type === 'timer.ackIdle' ? [withTimer(after, 'ackIdle', event.at), step(_state, event)[1]] : undefined,
    ),
    options: { bounds: { clientSends: 1 } },
    rule: 'timers',
  },
  {
    name: 'K15: a refused <enable/> changes the version of the stream',
    core: stepping((_state, event, [after, effects]) =>
      event.type === 'peer.enable' && writes(effects, 'failed')
        ? [withSession(after, { link: { ...after.session.link, xmlns: event.xmlns } }), effects]
        : undefined,
    ),
    options: { bounds: { strays: 1 } },
    rule: 'refuses',
  },
  {
    name: 'K16: what is sent before stream management is on is written, and forgotten',
    core: stepping((state, event) =>
      event.type === 'app.send' && state.role === 'server' && hasTag(state, 'uncounted')
        ? [state, [{ type: 'transmit', epoch: state.session.link.epoch, xml: event.stanza.xml }]]
        : undefined,
    ),
    options: { bounds: { serverSends: 1 }, earlySends: true },
    rule: 'fate',
  },
  {
    name: 'an h trims one stanza too many',
    core: stepping((state, event) =>
      event.type === 'peer.a' && event.h !== undefined && uint32(event.h - state.session.acked) < state.session.written
        ? step(state, { ...event, h: uint32(event.h + 1) })
        : undefined,
    ),
    options: { bounds: { clientSends: 2 } },
    rule: 'h',
  },
  {
    name: 'a stanza that is sent again after a resumption is delivered again',
    core: stepping((state, event) =>
      event.type === 'peer.stanza' && state.session.link.duplicatesToCome > 0
        ? step(withSession(state, { link: { ...state.session.link, duplicatesToCome: 0 } }), event)
        : undefined,
    ),
    options: { bounds: { clientSends: 1, cuts: 1 }, policies: DEFERRED },
    rule: 'once',
  },
  {
    name: 'a session that ends forgets to give its queue back',
    core: stepping((_state, _event, [after, effects]) => [
      after,
      without(effects, (effect) => effect.type === 'report' && effect.report.type === 'returned'),
    ]),
    options: { bounds: { clientSends: 1, cuts: 1 } },
    rule: 'fate',
  },
  {
    name: 'a resumed session does not send again what was lost',
    core: stepping((_state, event, [after, effects]) =>
      event.type === 'peer.resumed' ? [after, without(effects, (effect) => effect.type === 'replay')] : undefined,
    ),
    options: { bounds: { clientSends: 1, cuts: 1 } },
    rule: 'rest',
  },
  {
    name: 'a stanza that arrives while <enabled/> is on its way is not counted',
    core: stepping((state, event) =>
      event.type === 'peer.stanza' && hasTag(state, 'enabled') && state.session.delivered === 0
        ? [state, [{ type: 'deliver', position: null }]]
        : undefined,
    ),
    options: { bounds: { clientSends: 1 } },
    rule: 'rest',
  },
];

const TOO_HIGH = { kind: 'peerViolation', condition: 'undefined-condition', text: 'an h beyond the record' } as const;

const toldH = (effect: Effect, h: Parameters<typeof uint32>[0] | undefined): Effect =>
  effect.type === 'report' && effect.report.type === 'resumptionFailed' && h !== undefined
    ? { type: 'report', report: { ...effect.report, h: uint32(h) } }
    : effect;

const expired = ([after, effects]: Stepped): Stepped => [
  after,
  effects.map(
    (effect): Effect =>
      effect.type === 'report' && effect.report.type === 'returned'
        ? { type: 'report', report: { ...effect.report, reason: 'expired' } }
        : effect,
  ),
];
