/** Prints a step of a record for people. */
import type { TraceLine } from '../../index.js';
import { effectText } from '../../inspect/effect-text.js';
import type { RecordLine } from '../../inspect/json-lines.js';

/** Adds terminal styles to a text, or returns the text as it is. */
export type Style = (kind: 'head' | 'dim' | 'move', text: string) => string;

export const plain: Style = (_kind, text) => text;

export const coloured: Style = (kind, text) => `\x1b[${{ head: 1, dim: 2, move: 32 }[kind]}m${text}\x1b[0m`;

/** The line above the steps of one session. */
export const headingOf = ({ session, run, role }: RecordLine, style: Style): string =>
  style('head', `${session}, ${role}, run ${run}`);

/** Two or three lines: the transitions with their guards and clauses, the change of states, and the effects. */
export const stepText = ({ at, taken, event, from, to, effects }: TraceLine, style: Style): string => {
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
};

/** Names only the leaf states that change. */
const changeOf = (from: string, to: string): string => {
  const [left, entered] = [from.split(' & '), to.split(' & ')];
  const only = (some: readonly string[], others: readonly string[]): string =>
    some.filter((state) => !others.includes(state)).join(' & ');
  return `${only(left, entered)} -> ${only(entered, left)}`;
};

const INDENT = ' '.repeat(16);
