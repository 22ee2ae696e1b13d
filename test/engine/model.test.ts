/** Every path of the charts, walked with the engine and the codec as the system under test. */
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine, SnapshotFrom } from 'xstate';
import { type AdjacencyMap, getAdjacencyMap } from 'xstate/graph';
import { span } from '../../src/core/uint32.js';
import { planOf } from '../../src/engine/step.js';
import { tables } from '../../src/engine/tables.js';
import { takenIn } from '../../src/engine/trace.js';
import {
  type Effect,
  isRight,
  open,
  type PeerEvent,
  type Policy,
  policy,
  type Role,
  type Session,
  type SmEvent,
  type State,
  step,
  toArray,
  uint32,
} from '../../src/index.js';
import { type Chart, type ChartState, client, clientMachine, server, serverMachine } from '../../src/machines.js';
import { decodeNonza, encodeNonza, parseElement } from '../../src/xml.js';
import { isDeep } from '../support/effort.js';
import { dueTime, eventsIn } from '../support/model-events.js';
import { fromXml, toXml } from '../support/peer-xml.js';
import { configurationOf } from '../support/xstate-binding.js';

const machines: Record<Role, AnyStateMachine> = { client: clientMachine, server: serverMachine };
const charts: Record<Role, Chart> = { client, server };

/** Limits that two stanzas reach. */
const small = (changes: Partial<Policy>): Policy => policy({ maxUnackedStanzas: 1, maxQueueBytes: 12, ...changes });

const runs: readonly { readonly role: Role; readonly name: string; readonly policy: Policy }[] = [
  { role: 'client', name: 'asking after every second stanza', policy: small({}) },
  {
    role: 'client',
    name: 'asking after every stanza, from 2^32-2',
    policy: small({ maxUnackedStanzas: 0, maxQueueBytes: 10, initialCount: uint32(-2) }),
  },
  { role: 'client', name: 'deferring what it handles', policy: small({ deferHandling: true }) },
  { role: 'server', name: 'asking after every second stanza', policy: small({}) },
  {
    role: 'server',
    name: 'asking after every stanza, from 2^32-2',
    policy: small({ maxUnackedStanzas: 0, maxQueueBytes: 10, initialCount: uint32(-2) }),
  },
  {
    role: 'server',
    name: 'closing on a second <enable/>',
    policy: small({ secondEnable: 'close', deferHandling: true }),
  },
  { role: 'server', name: 'without resumption', policy: small({ resume: false }) },
];

/** Stanzas in both directions. With one alone there are a fifth of the states, and some transitions are never taken. */
const MOST_TRAFFIC = isDeep ? 2 : 1;

const taken: Record<Role, Set<string>> = { client: new Set(), server: new Set() };

describe('the engine and the codec on every path of the model', () => {
  for (const run of runs) {
    it(`have the same state as the chart, ${run.role} ${run.name}`, () => {
      walk(run.role, run.policy);
    }, 300_000);
  }

  for (const role of isDeep ? (['client', 'server'] as const) : []) {
    it(`take every transition that the chart of the ${role} defines`, () => {
      expect(transitionsOf(charts[role]).filter((transition) => !taken[role].has(transition))).toEqual(BESIDES[role]);
    });
  }
});

/**
 * What the model leaves to other tests: records (old-record.test.ts), stanzas handled out of order (out-of-order.test.ts), sessions that the
 * store should not give (outside.test.ts), a request after a refused <enable/> (handling.test.ts), and the 20 % between pressure and the limit, for which its queues are too short (capacity.test.ts).
 */
const BESIDES: Readonly<Record<Role, readonly string[]>> = {
  client: [
    'enabled peer.stanza wasHandled',
    'enabled.capacity.atLimit peer.a drainsBelowLimit',
    'hibernating.resuming peer.resumed resumedBeyondRecord',
    'hibernating.verified.resuming peer.resumed resumedBeyondRecord',
  ],
  server: [
    'disabled.verified.ready peer.resume hasCounted',
    'disabled.verified.claiming store.claimed ',
    'claiming store.claimed ',
    'enabled peer.stanza isDuplicate',
    'enabled peer.stanza wasHandled',
    'enabled.capacity.atLimit peer.a drainsBelowLimit',
    'hibernating store.outdated ',
    'ended link.opened ',
  ],
};

/** Reaches every state of the model by a shortest path, and takes every edge from there. */
const walk = (role: Role, chosen: Policy): void => {
  const start = open(role, chosen);
  const map: AdjacencyMap<Snapshot, SmEvent> = getAdjacencyMap(machines[role], {
    input: { session: start.session, policy: chosen },
    events: ({ context }: Snapshot) => eventsIn(role, context.session, context.policy),
    serializeState: keyOfModel,
    stopWhen: ({ context }: Snapshot) => isFarEnough(context.session, chosen),
    limit: 200_000,
  });
  const reached = new Map([[keyOfState(start), start]]);
  for (const [key, state] of reached) {
    for (const { event, state: model } of Object.values(map[key as keyof typeof map]?.transitions ?? {})) {
      const after = stepOverTheWire(state, event);
      const expected = keyOfModel(model);
      if (keyOfState(after) !== expected) fail(after, model, event);
      if (!reached.has(expected)) reached.set(expected, after);
    }
  }
  expect(reached.size).toBe(Object.keys(map).length);
};

type Snapshot = SnapshotFrom<typeof clientMachine>;

/** The same event as a peer makes it, and the effects as a peer reads them. */
const stepOverTheWire = (state: State, planned: SmEvent): State => {
  // The model's deadlines are those of whichever path was found last: what counts is that the timer is due.
  const event = planned.at === 0 ? planned : { ...planned, at: dueTime(state.session, planned) };
  if (isFromPeer(event) && isNew(event)) {
    const arrived = fromXml(toXml(event), event.at, event.epoch);
    if (JSON.stringify(arrived) !== JSON.stringify([event])) expect(arrived).toEqual([event]);
  }
  for (const { state: source, descriptor, guard } of takenIn(planOf(tables, state, event))) {
    taken[state.role].add(`${source} ${descriptor} ${guard ?? ''}`);
  }
  const [after, effects] = step(state, event);
  effects.forEach(readBack);
  const { written, unacked } = after.session;
  if (written < 0 || written > unacked.length)
    expect.fail(`${written} of ${unacked.length} after ${JSON.stringify(event)}`);
  return after;
};

const known = new Set<string>();

/** Writing and reading have no state: each event and each effect goes over the wire once. */
const isNew = (value: object): boolean => {
  const text = JSON.stringify(value);
  const is = !known.has(text);
  known.add(text);
  return is;
};

const readBack = (effect: Effect): void => {
  if (effect.type !== 'write' || !isNew(effect)) return;
  const element = parseElement(encodeNonza(effect.nonza, effect.xmlns));
  const decoded = isRight(element) ? decodeNonza(element.right) : element;
  expect(decoded).toEqual({ _tag: 'Right', right: { nonza: effect.nonza, xmlns: effect.xmlns } });
};

/** Two states are the same when they differ in nothing but which deadlines, which connection, and how much went before. */
const keyOf = (configuration: string, { timers, link, unacked, delivered: _delivered, ...session }: Session): string =>
  configuration.startsWith('ended')
    ? configuration
    : JSON.stringify([
        configuration,
        session,
        toArray(unacked),
        { ...link, epoch: link.epoch > 0 },
        Object.values(timers).map((deadline) => deadline !== null),
      ]);

const keyOfModel = ({ value, context }: Snapshot): string => keyOf(configurationOf(value), context.session);

const keyOfState = ({ configuration, session }: State): string => keyOf(configuration, session);

/** Counters would go on for ever; and what is held back does not meet what is handled late. */
const isFarEnough = (
  { totalAcked, received, unacked, link }: Session,
  { initialCount, deferHandling }: Policy,
): boolean =>
  (link.inactive && deferHandling) || totalAcked + span(initialCount, received) + unacked.length > MOST_TRAFFIC;

const isFromPeer = (event: SmEvent): event is PeerEvent => event.type.startsWith('peer.');

const fail = (state: State, model: Snapshot, event: SmEvent): void => {
  expect({ event, configuration: state.configuration, session: state.session }).toEqual({
    event,
    configuration: configurationOf(model.value),
    session: model.context.session,
  });
  expect.fail(`not the same after ${JSON.stringify(event)}`);
};

const transitionsOf = (state: ChartState, path = ''): readonly string[] => [
  ...Object.entries(state.on ?? {}).flatMap(([descriptor, found]) =>
    [found].flat().map(({ guard }) => `${path} ${descriptor} ${guard ?? ''}`),
  ),
  ...Object.entries(state.states ?? {}).flatMap(([key, child]) =>
    transitionsOf(child, path === '' ? key : `${path}.${key}`),
  ),
];
