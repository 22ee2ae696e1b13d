/** Every configuration that a chart's transitions can lead to, in the order in which a breadth-first search finds them. */
import { plansOf, type Table } from '../../src/engine/compile.js';
import { tables } from '../../src/engine/tables.js';
import { eventTypes } from './random-events.js';

export const configurationsOf = (table: Table): readonly string[] => {
  const found = new Set([table.initial]);
  for (const configuration of found)
    for (const type of eventTypes) for (const { to } of plansOf(table, configuration, type)) found.add(to);
  return [...found];
};

export const configurations = { client: configurationsOf(tables.client), server: configurationsOf(tables.server) };
