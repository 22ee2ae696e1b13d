/** src/engine/client-chart.ts, which `npm run client-chart` writes, says the same as machines/client.ts. */
import { describe, expect, it } from 'vitest';
import { actions, chart, configurations, guards } from '../../src/engine/client-chart.js';
import { compile } from '../../src/engine/compile.js';
import { tables } from '../../src/engine/tables.js';
import { clientChart } from '../support/client-chart.js';
import { eventTypes } from '../support/random-events.js';

describe("the client's chart as a client loads it", () => {
  const table = compile(chart, { actions, guards }, configurations);

  it('is what `npm run client-chart` makes of the charts', async () => {
    await expect(clientChart()).toMatchFileSnapshot(
      new URL('../../src/engine/client-chart.ts', import.meta.url).pathname,
    );
  });

  it('has the same configurations, tags and beginning', () => {
    expect(table.initial).toBe(tables.client.initial);
    expect(table.configurations).toEqual(tables.client.configurations);
    expect(compile(chart, { actions, guards }).configurations).toEqual(configurations);
    for (const configuration of table.configurations)
      expect(table.asksStore(configuration)).toBe(tables.client.asksStore(configuration));
  });

  it('does the same at every event in every configuration, in the same order and for the same clauses', () => {
    let plans = 0;
    for (const configuration of table.configurations) {
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

  it('binds no word that it does not name', () => {
    const named = new Set(JSON.stringify(chart).match(/\w+/g));
    expect([...Object.keys(actions), ...Object.keys(guards)].filter((word) => !named.has(word))).toEqual([]);
  });
});
