/** A step of a record, for people. */
import type { Effect, TraceLine } from '../../index.js';
import type { RecordLine } from '../../inspect/json-lines.js';

/** Dresses text for a terminal, or leaves it alone. */
export type Style = (kind: 'head' | 'dim' | 'move', text: string) => string;

export const plain: Style = (_kind, text) => text;

export const coloured: Style = (kind, text) => `\x1b[${{ head: 1, dim: 2, move: 32 }[kind]}m${text}\x1b[0m`;

/** The line above the steps of one session. */
export const headingOf = ({ session, run, role }: RecordLine, style: Style): string =>
  style('head', `${session}, ${role}, run ${run}`);

/** Two or three lines: the transitions with their guards and clauses, where they led, and the effects. */
export function stepText({ at, taken, event, from, to, effects }: TraceLine, style: Style): string {
  const time = new Date(at).toISOString().slice(11, -1);
  const transitions = taken.map(({ guard, clauses }) =>
    [event.type, ...(guard === null ? [] : [`[${guard}]`]), ...clauses].join(' '),
  );
  const lines = [
    `  ${style('dim', time)}  ${transitions.length === 0 ? `${event.type} came too late` : transitions.join(' + ')}`,
    ...(from === to ? [] : [`${INDENT}${style('move', changeOf(from, to))}`]),
    ...(effects.length === 0 ? [] : [`${INDENT}${style('dim', effects.map(effectText).join(', '))}`]),
  ];
  return lines.join('\n');
}

/** Only the leaf states that changed. */
const changeOf = (from: string, to: string): string => {
  const [left, entered] = [from.split(' & '), to.split(' & ')];
  const only = (some: readonly string[], others: readonly string[]): string =>
    some.filter((state) => !others.includes(state)).join(' & ');
  return `${only(left, entered)} -> ${only(entered, left)}`;
};

const effectText = (effect: Effect): string => {
  switch (effect.type) {
    case 'write':
      return `write <${effect.nonza.name}${'h' in effect.nonza && effect.nonza.h !== undefined ? ` h=${effect.nonza.h}` : ''}/>`;
    case 'transmit':
      return `transmit ${/^<[^\s/>]*/.exec(effect.xml)?.[0] ?? ''}`;
    case 'replay':
      return `replay ${effect.stanzas.length}`;
    case 'stream.error':
      return `stream.error ${effect.violation.condition}`;
    case 'link.close':
      return effect.graceful ? 'close' : 'destroy';
    case 'deliver':
      return effect.position === null ? 'deliver' : `deliver ${effect.position}`;
    case 'timer.set':
    case 'timer.clear':
      return `${effect.type} ${effect.timer}`;
    case 'store.surrender':
      return `store.surrender ${effect.verdict.type}`;
    case 'report':
      return `report ${effect.name}${'stanzas' in effect ? ` ${effect.stanzas.length}` : ''}`;
    default:
      return effect.type;
  }
};

const INDENT = ' '.repeat(16);
