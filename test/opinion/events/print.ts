/** A history as lines that a reader can follow, and replay by hand. */
import type { Effect } from '../../../src/index.js';
import type { History } from './op.js';
import { move, pairFor, START } from './pair.js';

export const lines = (history: History, about: string): readonly string[] => {
  const pair = pairFor(history);
  const told = [`${history.role} with ${JSON.stringify(history.policy)}`];
  for (const op of history.ops) {
    const hard = move(pair, op);
    told.push(`  ${eventLine(pair.last.event)}`);
    const found = hard?.about === about ? hard : pair.soft.find((soft) => soft.about === about);
    if (found === undefined) continue;
    told.push(`    project: ${pair.last.project.map(effectLine).join('; ') || 'nothing'}`);
    told.push(`    model:   ${pair.last.model.map(effectLine).join('; ') || 'nothing'}`);
    told.push(`  differs in ${about}: project [${found.project}], model [${found.model}]`);
    break;
  }
  return told;
};

export const eventLine = (event: unknown) => {
  const { type, at, ...rest } = event as { type: string; at?: number };
  const time = at === undefined ? '' : `+${at - START} ms `;
  return `${time}${type} ${fields(rest)}`.trimEnd();
};

const fields = (rest: object) =>
  Object.entries(rest)
    .filter(([field, value]) => field !== 'xmlns' || value !== 'urn:xmpp:sm:3')
    .map(
      ([field, value]) =>
        `${field}=${field === 'stanza' ? (value as { key: string }).key : JSON.stringify(brief(value))}`,
    )
    .join(' ');

/** A claimed session, of the project or of the model, is known by a few of its fields. */
const brief = (value: unknown) => {
  if (typeof value !== 'object' || value === null || !('smId' in value)) return value;
  const { owner, smId, acked, received, handled, unacked, queue } = value as Record<string, unknown>;
  return {
    owner,
    smId,
    acked,
    received,
    handled,
    queue: ((unacked ?? queue) as { length: number } | undefined)?.length,
  };
};

export const effectLine = (effect: Effect): string => {
  const { type, ...rest } = effect.type === 'report' ? effect.report : effect;
  const name = effect.type === 'report' ? `report ${type}` : type;
  const shown = Object.entries(rest)
    .filter(
      ([field, value]) => (field !== 'xmlns' || value !== 'urn:xmpp:sm:3') && field !== 'epoch' && field !== 'state',
    )
    .map(([field, value]) => `${field}=${JSON.stringify(field === 'stanzas' ? keysOf(value) : value, brieflyToo)}`);
  return [name, ...shown].join(' ');
};

const keysOf = (stanzas: unknown) =>
  (stanzas as { key: string; written?: boolean }[]).map(({ key, written }) =>
    written === true ? `${key} written` : key,
  );

const brieflyToo = (field: string, value: unknown) => (field === 'session' ? brief(value) : value);
