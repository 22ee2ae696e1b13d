/** The wire log: each event with its transitions, their clauses, and the effects. Newest first. */
import type { LoggedStep } from '../messages.js';
import { clauseLinks } from './clause-links.js';
import { byId, type Child, element } from './dom.js';
import { grouped, timeOf } from './words.js';

export interface Log {
  /** Clears the log, before it shows another session, or the same session from its beginning. */
  clear(): void;
  add(steps: readonly LoggedStep[]): void;
}

export const createLog = (): Log => {
  const list = byId('log', HTMLElement);
  let last = 0;
  return {
    clear() {
      list.replaceChildren();
      last = 0;
    },
    add(steps) {
      const newest = steps.slice(-MOST);
      const [first] = newest;
      if (first === undefined) return;
      if (first.number <= last) list.replaceChildren();
      const rows = newest.map(row).reverse();
      list.prepend(...rows, ...missed(first.number - last - 1));
      while (list.childElementCount > MOST) list.lastElementChild?.remove();
      last = newest.at(-1)?.number ?? last;
    },
  };
};

const missed = (count: number): readonly HTMLElement[] =>
  count > 0 ? [element('li', { class: 'missed' }, `${grouped(count)} older steps are not kept`)] : [];

const row = ({ number, at, event, about, taken, left, entered, effects }: LoggedStep): HTMLElement => {
  const [source = ''] = event.split('.');
  const guards = taken.flatMap(({ guard }) => (guard === null ? [] : [`[${guard}]`])).join(' ');
  const clauses = [...new Set(taken.flatMap((one) => one.clauses))];
  const moved = left.length + entered.length > 0 ? [element('span', { class: 'move' }, moveText(left, entered))] : [];
  return element(
    'li',
    { 'data-source': source, 'data-step': `${number}` },
    element('time', {}, timeOf(at)),
    element('span', { class: 'event' }, element('b', {}, event), ...spaced('about', about), ...spaced('guard', guards)),
    element('span', { class: 'clauses' }, ...clauseLinks(clauses)),
    element(
      'span',
      { class: 'effects' },
      ...(taken.length === 0 ? [element('span', { class: 'late' }, DROPPED)] : []),
      ...moved,
      ...effects.map((effect) => element('span', { class: `effect ${effect.split(/[ .]/)[0] ?? ''}` }, effect)),
    ),
  );
};

const moveText = (left: readonly string[], entered: readonly string[]): string =>
  `${left.map(lastTwo).join(' & ')} → ${entered.map(lastTwo).join(' & ')}`;

const lastTwo = (path: string): string => path.split('.').slice(-2).join('.');

const spaced = (name: string, text: string): readonly Child[] =>
  text === '' ? [] : [' ', element('span', { class: name }, text)];

const DROPPED = 'dropped: it belongs to another connection, or to a timer that does not run';
const MOST = 200;
