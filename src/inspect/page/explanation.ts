/** Explains states and clauses in the words of the chart. */
import type { ChartState, ChartTransition, Pictures } from '../messages.js';
import { clauseLinks } from './clause-links.js';
import { type Child, element } from './dom.js';
import { activeIn, inWords } from './tree.js';

export interface Explanation {
  /** The key of the content: explanations with different keys have different content. */
  readonly key: string;
  readonly title: string;
  content(): readonly Child[];
}

type Clauses = Pictures['clauses'];

/**
 * Explains each active state with its description.
 * @param onPick is called with the path of a state that the user asks about
 */
export const activeText = (
  chart: ChartState,
  leaves: readonly string[],
  onPick: (path: string) => void,
): Explanation => ({
  key: `active ${chart.key} ${leaves.join()}`,
  title: 'Active states',
  content: () => [
    element(
      'dl',
      { class: 'states' },
      ...activeIn(chart, leaves).map(({ state: { path, key, description }, region }) => {
        const name = element('button', { type: 'button', class: 'name', 'data-about': path }, key);
        name.addEventListener('click', () => onPick(path));
        return element(
          'div',
          {},
          element('dt', {}, name, ...(region === undefined ? [] : [element('small', {}, region.key)])),
          element('dd', {}, description),
        );
      }),
    ),
  ],
});

/** Explains a state: its description, its clauses, and the events that it answers. */
export const stateText = (state: ChartState, isActive: boolean, clauses: Clauses): Explanation => ({
  key: `state ${state.path} ${isActive}`,
  title: 'State',
  content: () => [
    element(
      'p',
      { class: 'path' },
      element('b', {}, state.path.replaceAll('.', ' › ')),
      element('span', { class: isActive ? 'is-active' : '' }, isActive ? 'active' : 'not active'),
    ),
    element('p', { class: 'description' }, state.description),
    ...listed('Clauses', state.clauses, (id) => {
      const { level = '', text = '' } = clauses[id] ?? {};
      return element('li', {}, ...clauseLinks([id]), ' ', element('b', {}, level), ` ${text}`);
    }),
    ...listed('Events', state.transitions.filter(isFirst), (transition) =>
      element('li', {}, element('code', {}, wordsOf(transition)), ' ', ...clauseLinks(transition.clauses)),
    ),
  ],
});

export const clauseText = (id: string, clauses: Clauses): Explanation => ({
  key: `clause ${id}`,
  title: `Clause ${id}`,
  content: () => {
    const { level = '', text = 'This clause is not known.', section = '' } = clauses[id] ?? {};
    const source = section === 'mod_smacks' ? section : `XEP-0198, section ${section}`;
    return [
      element('p', { class: 'description' }, element('b', {}, level), ` ${text}`),
      element('p', { class: 'hint' }, source),
    ];
  },
});

const listed = <T>(heading: string, items: readonly T[], row: (item: T) => HTMLElement): readonly Child[] =>
  items.length === 0 ? [] : [element('h4', {}, heading), element('ul', {}, ...items.map(row))];

const wordsOf = (transition: ChartTransition): string =>
  `${inWords(transition)}${transition.target === null ? '' : ` → ${transition.target}`}`;

/** Keeps the first of the transitions with the same words. */
const isFirst = (transition: ChartTransition, index: number, all: readonly ChartTransition[]): boolean =>
  all.findIndex((one) => wordsOf(one) === wordsOf(transition)) === index;
