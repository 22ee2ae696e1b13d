/** dist/src/engine/client-words.js, which the build makes shorter, says the same as machines/client.ts. */
import { describe, expect, it } from 'vitest';
import { compile, plansOf } from '../../src/engine/compile.js';
import type { Plan } from '../../src/engine/plan.js';
import { takenIn } from '../../src/engine/trace.js';
import type { Tag } from '../../src/index.js';
import type { Chart, ChartState, Words } from '../../src/machines.js';
import { configurations, configurationsOf } from '../support/configurations.js';
import { eventTypes } from '../support/random-events.js';

const dist = new URL('../../dist/', import.meta.url);
const built: { readonly chart: Chart; readonly words: Words } = await import(
  new URL('src/engine/client-words.js', dist).href
);
// The same reducers as in the shorter module: functions are compared, because their names are others.
const { client }: { readonly client: Chart } = await import(new URL('machines/client.js', dist).href);
const { words }: { readonly words: Words } = await import(new URL('machines/vocabulary.js', dist).href);

const tagsIn = (state: ChartState): readonly Tag[] => [
  ...(state.tags ?? []),
  ...Object.values(state.states ?? {}).flatMap(tagsIn),
];

describe('the chart that a client loads', () => {
  const table = compile(built.chart, built.words);
  const whole = compile(client, words);

  it('has the same configurations and the same initial configuration', () => {
    expect(table.initial).toBe(whole.initial);
    expect(configurationsOf(table)).toEqual(configurations.client);
  });

  it('has the same tags in every configuration', () => {
    const tags = [...new Set(tagsIn(client))];
    expect(tags.length).toBeGreaterThan(9);
    for (const configuration of configurations.client)
      for (const tag of tags)
        expect(table.hasTag(configuration, tag), `${configuration} ${tag}`).toBe(whole.hasTag(configuration, tag));
  });

  it('does the same at every event in every configuration, in the same order', () => {
    const told = (plan: Plan) => ({
      to: plan.to,
      actions: plan.actions,
      taken: takenIn(plan).map(({ state, descriptor }) => [state, descriptor]),
    });
    let plans = 0;
    for (const configuration of configurations.client) {
      for (const type of eventTypes) {
        const here = plansOf(table, configuration, type).map(told);
        plans += here.length;
        expect(here, `${configuration} ${type}`).toEqual(plansOf(whole, configuration, type).map(told));
      }
    }
    expect(plans).toBeGreaterThan(1000);
  });

  it('contains only guards and actions that it names, and neither prose nor clauses', () => {
    const text = JSON.stringify(built.chart);
    const named = new Set(text.match(/\w+/g));
    const bound = [...Object.keys(built.words.actions), ...Object.keys(built.words.guards)];
    expect(bound.filter((word) => !named.has(word))).toEqual([]);
    expect(bound.length).toBeGreaterThan(50);
    expect(text).not.toMatch(/"description"|"meta"/);
  });
});
