import { describe, expect, it } from 'vitest';
import { compile, plansOf } from '../../src/engine/compile.js';
import { isConfiguration } from '../../src/engine/configuration.js';
import { takenIn } from '../../src/engine/trace.js';
import { open, policy, type SmEvent } from '../../src/index.js';
import { type Chart, type ChartState, type Words, words } from '../../src/machines.js';

const compiled = (chart: Chart) => compile(chart, words);

const leaf = (on: NonNullable<ChartState['on']> = {}): ChartState => ({
  description: 'A leaf.',
  meta: { clauses: [] },
  on,
});

const chartOf = (chart: Partial<Chart>): Chart => ({
  id: 'client',
  description: 'A chart.',
  meta: { clauses: [] },
  initial: 'a',
  states: { a: leaf(), b: leaf() },
  ...chart,
});

const regions = (target: string): Chart =>
  chartOf({
    states: {
      a: {
        ...leaf(),
        type: 'parallel',
        states: {
          left: leaf({ 'app.requestAck': { target } }),
          right: {
            ...leaf(),
            initial: 'one',
            states: { one: leaf({ 'app.requestAck': { target: 'two' } }), two: leaf() },
          },
        },
      },
      b: leaf(),
    },
  });

const probe: SmEvent = { type: 'app.requestAck', at: 0 };
const planned = (
  chart: Chart,
  event: SmEvent = probe,
  configuration = compiled(chart).initial,
  named: Words = words,
) => {
  const plan = compile(chart, named).plan(configuration, open('server', policy()).session, event, policy());
  return plan && { ...plan, taken: takenIn(plan) };
};

describe('a chart that is compiled', () => {
  it('is refused when it begins in a state, or leads to a state, that it does not have', () => {
    expect(() => compiled(chartOf({ initial: 'nowhere' }))).toThrow(
      new Error("The chart has no state 'nowhere' in ''"),
    );
    const astray = chartOf({ states: { a: leaf({ 'app.requestAck': { target: 'nowhere' } }) } });
    expect(() => planned(astray)).toThrow(new Error("The chart has no state 'nowhere' in ''"));
  });

  it('accepts a transition for the same event in each region', () => {
    expect(planned(regions('#client.a.left'))?.to).toBe('a.left & a.right.two');
  });

  it('leaves all regions of the parallel state when one region leaves it', () => {
    const chart = chartOf({
      states: {
        a: {
          ...leaf(),
          type: 'parallel',
          exit: ['closeStream'],
          states: {
            left: {
              ...leaf({ 'app.requestAck': { target: '#client.b', actions: ['writeAck'] } }),
              exit: ['clearAckIdle'],
            },
            right: { ...leaf(), exit: ['clearAckWait'] },
          },
        },
        b: { ...leaf(), entry: ['armResumption'] },
      },
    });
    expect(planned(chart)).toMatchObject({
      to: 'b',
      names: ['clearAckWait', 'clearAckIdle', 'closeStream', 'writeAck', 'armResumption'],
      taken: [{ state: 'a.left', descriptor: 'app.requestAck', guard: null, clauses: [] }],
    });
  });

  it('enters all regions again when a transition leads into one of them, the parallel state first', () => {
    const chart = chartOf({
      states: {
        a: leaf({ 'app.requestAck': { target: '#client.b.left.two', meta: { clauses: ['P-1'] } } }),
        b: {
          ...leaf(),
          type: 'parallel',
          entry: ['armResumption'],
          states: {
            left: { ...leaf(), initial: 'one', states: { one: leaf(), two: { ...leaf(), entry: ['armAckIdle'] } } },
            right: {
              ...leaf(),
              initial: 'one',
              entry: ['armDead'],
              states: { one: { ...leaf(), entry: ['armOverflowGrace'] } },
            },
          },
        },
      },
    });
    expect(planned(chart)).toMatchObject({
      to: 'b.left.two & b.right.one',
      names: ['armResumption', 'armAckIdle', 'armDead', 'armOverflowGrace'],
      taken: [{ state: 'a', clauses: ['P-1'] }],
    });
  });

  it('prefers an exact event to the wildcard, and a transition of an inner state to one of an outer state', () => {
    const chart = chartOf({
      on: { 'app.requestAck': { actions: ['closeStream'] }, '*': { target: '.b' } },
      states: {
        a: leaf({
          '*': { actions: ['ignore'] },
          'app.requestAck': { actions: ['writeAck'] },
          'app.close': { target: 'b' },
        }),
        b: leaf(),
      },
    });
    expect(planned(chart)?.names).toEqual(['writeAck']);
    expect(planned(chart, { type: 'app.bound', at: 0 })?.names).toEqual(['ignore']);
    expect(planned(chart, probe, 'b')?.names).toEqual(['closeStream']);
    expect(planned(chart, { type: 'app.bound', at: 0 }, 'b')).toMatchObject({ to: 'b', names: [] });
  });

  it('has no plan and no tag for a configuration that is not its own', () => {
    const chart = chartOf({
      states: { a: { ...leaf({ 'app.requestAck': { target: 'b' } }), tags: ['asksStore'] }, b: leaf() },
    });
    const table = compiled(chart);
    expect(['a', 'b', 'nowhere', 'a & b', ''].map((name) => isConfiguration(table, name))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(planned(chart, probe, 'nowhere')).toBeUndefined();
    expect(plansOf(table, 'nowhere', 'app.requestAck')).toEqual([]);
    expect(['a', 'b', 'nowhere'].map((name) => table.hasTag(name, 'asksStore'))).toEqual([true, false, false]);
    expect(planned(chart, { type: 'app.bound', at: 0 })).toBeUndefined();
  });

  it('has a configuration when each region has one active leaf state, in the order of the chart', () => {
    const table = compiled(regions('#client.a.left'));
    for (const name of ['a.left & a.right.one', 'a.left & a.right.two', 'b'])
      expect(isConfiguration(table, name), name).toBe(true);
    for (const name of [
      ...['a', 'a.left', 'a.right.one', 'a.left & a.right', 'a.left & b'],
      ...['a.right.one & a.left', 'a.right.one & a.right.two', 'a.left & a.left', 'b & b'],
      ...['a.left & a.right.one & a.right.two', 'a.left & a.right.one & b', 'a & a.left & a.right.one'],
    ])
      expect(isConfiguration(table, name), name).toBe(false);
  });
});
