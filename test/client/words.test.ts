/** dist/src/engine/client-words.js, which the build makes shorter, says the same as machines/client.ts. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine/compile.js';
import { tables } from '../../src/engine/tables.js';
import type { Chart, Words } from '../../src/machines.js';
import { configurations, configurationsOf } from '../support/configurations.js';
import { eventTypes } from '../support/random-events.js';

const built: { readonly chart: Chart; readonly words: Words } = await import(
  new URL('../../dist/src/engine/client-words.js', import.meta.url).href
);

describe('the chart that a client loads', () => {
  const table = compile(built.chart, built.words);

  it('has the same configurations and the same beginning', () => {
    expect(table.initial).toBe(tables.client.initial);
    expect(configurationsOf(table)).toEqual(configurations.client);
  });

  it('has the same tags in every configuration', () => {
    const tags = [
      'canEnable',
      'canResume',
      'enabled',
      'enabling',
      'hibernating',
      'over',
      'resuming',
      'unmanaged',
    ] as const;
    for (const configuration of configurations.client)
      for (const tag of tags)
        expect(table.hasTag(configuration, tag), `${configuration} ${tag}`).toBe(
          tables.client.hasTag(configuration, tag),
        );
  });

  it('does the same at every event in every configuration, in the same order and for the same clauses', () => {
    let plans = 0;
    for (const configuration of configurations.client) {
      for (const type of eventTypes) {
        const here = table.plans(configuration, type);
        plans += here.length;
        expect(
          here.map(({ to, names, taken }) => ({ to, names, taken })),
          `${configuration} ${type}`,
        ).toEqual(tables.client.plans(configuration, type).map(({ to, names, taken }) => ({ to, names, taken })));
      }
    }
    expect(plans).toBeGreaterThan(1000);
  });

  it('binds no word that it does not name, and holds no prose', () => {
    const named = new Set(JSON.stringify(built.chart).match(/\w+/g));
    const bound = [...Object.keys(built.words.actions), ...Object.keys(built.words.guards)];
    expect(bound.filter((word) => !named.has(word))).toEqual([]);
    expect(bound.length).toBeGreaterThan(50);
    expect(JSON.stringify(built.chart)).not.toMatch(/"description":"[^"]/);
  });
});
