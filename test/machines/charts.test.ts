import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { CLAUSES } from '../../src/clauses/table.js';
import { plansOf } from '../../src/engine/compile.js';
import { isConfiguration } from '../../src/engine/configuration.js';
import { tables } from '../../src/engine/tables.js';
import { type Effect, open, policy } from '../../src/index.js';
import { type Chart, type ChartState, client, clientMachine, server, words } from '../../src/machines.js';
import { configurations } from '../support/configurations.js';
import { eventTypes, uptoEnabled } from '../support/random-events.js';
import { configurationOf, initialSnapshot } from '../support/xstate-binding.js';

const charts: readonly Chart[] = [client, server];

interface Place {
  readonly path: string;
  readonly state: ChartState;
  /** The state itself and those around it. */
  readonly around: readonly ChartState[];
}

const placesIn = (state: ChartState, path: string, outside: readonly ChartState[] = []): readonly Place[] => {
  const around = [state, ...outside];
  const inside = Object.entries(state.states ?? {});
  return [{ path, state, around }, ...inside.flatMap(([key, child]) => placesIn(child, `${path}.${key}`, around))];
};

const places = charts.flatMap((chart) => placesIn(chart, chart.id));
const transitions = places.flatMap(({ state }) => Object.values(state.on ?? {}).flat());

describe('the charts', () => {
  it('name exactly the actions and guards of the vocabulary', () => {
    const named = places
      .flatMap(({ state }) => [...(state.entry ?? []), ...(state.exit ?? [])])
      .concat(transitions.flatMap((transition) => transition.actions ?? []));
    expect([...new Set(named)].sort()).toEqual(Object.keys(words.actions).sort());
    const guarding = transitions.flatMap(({ guard }) => (guard === undefined ? [] : [guard]));
    expect([...new Set(guarding)].sort()).toEqual(Object.keys(words.guards).sort());
  });

  it('describe every state in a sentence', () => {
    const silent = places.filter(({ state }) => !/^\S.* .*\.$/.test(state.description));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('name only clauses that exist', () => {
    const named = [...places.map(({ state }) => state), ...transitions].flatMap(({ meta }) => meta?.clauses ?? []);
    expect(named.filter((clause) => !CLAUSES.includes(clause))).toEqual([]);
  });

  it('give every state a list of clauses', () => {
    expect(places.filter(({ state }) => !Array.isArray(state.meta.clauses)).map(({ path }) => path)).toEqual([]);
  });

  it('name every clause of sections 3 to 8', () => {
    const named = [...places.map(({ state }) => state), ...transitions].flatMap(({ meta }) => meta?.clauses ?? []);
    const due = CLAUSES.filter((clause) => /^[EARXCP]-/.test(clause));
    expect(due.filter((clause) => !named.includes(clause))).toEqual([]);
  });

  it('contain names of guards and actions, and no functions', () => {
    for (const chart of charts) expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
  });

  it('take no step without an event: no delayed, eventless or invoked step', () => {
    const known = ['id', 'description', 'meta', 'tags', 'initial', 'type', 'states', 'entry', 'exit', 'on'];
    const odd = places.flatMap(({ path, state }) =>
      Object.keys(state).flatMap((key) => (known.includes(key) ? [] : [`${path}: ${key}`])),
    );
    expect(odd).toEqual([]);
    expect(transitions.flatMap((transition) => Object.keys(transition)).filter((key) => !WORDS.includes(key))).toEqual(
      [],
    );
  });

  it('clear on exit the timers that they set on entry (design law 7)', () => {
    const clears: Readonly<Record<string, string>> = {
      armAckIdle: 'clearAckIdle',
      armAckDelay: 'clearAckWait',
      armDeadAfterDelay: 'clearAckWait',
      armDead: 'clearAckWait',
      armOverflowGrace: 'clearOverflowGrace',
      armResumption: 'clearResumption',
      armStoreWait: 'clearStoreWait',
    };
    const armed = places.flatMap(({ path, state, around }) =>
      (state.entry ?? []).filter((name) => name.startsWith('arm')).map((name) => ({ path, name, around })),
    );
    expect(armed.length).toBeGreaterThan(0);
    for (const { path, name, around } of armed) {
      expect(
        around.flatMap(({ exit }) => exit ?? []),
        `${path}: ${name}`,
      ).toContain(clears[name]);
    }
  });

  it('set and clear timers only on entry and exit, but for a timer that fired and whose state stays (design law 4)', () => {
    const elsewhere = places.flatMap(({ state }) =>
      Object.entries(state.on ?? {}).flatMap(([event, found]) =>
        [found]
          .flat()
          .flatMap(({ actions = [] }) =>
            actions.filter((name) => /^(arm|clear)/.test(name)).map((name) => `${event} ${name}`),
          ),
      ),
    );
    expect(new Set(elsewhere)).toEqual(new Set(['timer.ackWait clearAckWait', 'timer.resumption clearResumption']));
  });
});

const WORDS = ['target', 'guard', 'actions', 'meta'];

for (const role of ['client', 'server'] as const) {
  describe(`the compiled chart of the ${role}`, () => {
    const table = tables[role];
    const all = configurations[role];
    const next = (configuration: string): readonly string[] =>
      eventTypes.flatMap((type) => plansOf(table, configuration, type).map(({ to }) => to));

    it('reaches the end from every configuration (server class 10)', () => {
      const ending = new Set(all.filter((configuration) => configuration.startsWith('ended')));
      for (let before = -1; before !== ending.size; ) {
        before = ending.size;
        for (const configuration of all) {
          if (next(configuration).some((to) => ending.has(to))) ending.add(configuration);
        }
      }
      expect(all.filter((configuration) => !ending.has(configuration))).toEqual([]);
    });

    it('has no transition that leaves the end', () => {
      const ends = all.filter((configuration) => configuration.startsWith('ended'));
      for (const end of ends) expect(new Set(next(end))).toEqual(new Set([end]));
    });

    it('contains every configuration that it leads to', () => {
      expect(all.filter((configuration) => !isConfiguration(table, configuration))).toEqual([]);
    });

    it('stays in each region when several regions take an event: the engine carries out nothing else', () => {
      const leaving = all.flatMap((configuration) =>
        eventTypes.flatMap((type) =>
          plansOf(table, configuration, type)
            .filter(({ to, taken }) => taken.length > 1 && to.split(' & ').length !== configuration.split(' & ').length)
            .map(({ to }) => `${configuration} on ${type} to ${to}`),
        ),
      );
      expect(leaving).toEqual([]);
    });

    it('answers every event in every configuration, if only with a report of misuse or a violation', () => {
      const silent = all.flatMap((configuration) =>
        eventTypes
          .filter((type) => plansOf(table, configuration, type).length === 0)
          .map((type) => [configuration, type]),
      );
      expect(silent).toEqual([]);
    });

    it('starts in the same configuration as xstate', () => {
      const start = open(role, policy());
      expect(start.configuration).toBe(configurationOf(initialSnapshot(start).value));
    });
  });
}

describe('the chart of the client as an ordinary xstate machine', () => {
  it('runs as an actor and emits its effects', () => {
    const { session } = open('client', policy());
    const actor = createActor(clientMachine, { input: { session, policy: policy() } });
    const effects: Effect[] = [];
    actor.on('*', (effect) => effects.push(effect));
    actor.start();
    for (const event of uptoEnabled.client) actor.send(event);
    expect(actor.getSnapshot().matches('enabled')).toBe(true);
    expect(effects.map(({ type }) => type)).toEqual(['write', 'timer.set', 'timer.clear', 'report']);
    actor.stop();
  });
});
