/** What a state or a clause says: the active state's own words, or what was asked for. */
import type { ChartState, Pictures } from '../messages.js';
import { byId, element, setText } from './dom.js';
import { clauseLink } from './log.js';
import { inWords, stateAt } from './tree.js';

export interface About {
  /** The session that is looked at: its chart, and its active leaf states. */
  follow(chart: ChartState, leaves: readonly string[]): void;
  /** A state of that chart; undefined for the active ones. */
  pick(path: string | undefined): void;
}

export const createAbout = ({ clauses }: Pictures): About => {
  const title = byId('about-title', HTMLElement);
  const body = byId('about', HTMLElement);
  let chart: ChartState | undefined;
  let leaves: readonly string[] = [];
  let picked: { readonly state: string } | { readonly clause: string } | undefined;
  let shown = '';

  const show = (): void => {
    const subject = picked ?? { active: leaves, of: chart?.key };
    if (JSON.stringify(subject) === shown) return;
    shown = JSON.stringify(subject);
    body.dataset.picked = `${picked !== undefined}`;
    if (picked === undefined) showActive();
    else if ('clause' in picked) showClause(picked.clause);
    else showState(picked.state);
  };

  const showActive = (): void => {
    setText(title, 'Active states');
    const states = leaves
      .flatMap((path) => (chart === undefined ? [] : [stateAt(chart, path)]))
      .filter((state) => state !== undefined);
    body.replaceChildren(
      ...states.map(({ path, description }) => element('p', {}, element('code', {}, path), ' ', description)),
    );
  };

  const showState = (path: string): void => {
    const state = chart === undefined ? undefined : stateAt(chart, path);
    if (state === undefined) return;
    setText(title, 'State');
    const seen = new Set<string>();
    const rows = state.transitions.flatMap((transition) => {
      const words = `${inWords(transition)}${transition.target === null ? '' : ` → ${transition.target}`}`;
      if (seen.has(words)) return [];
      seen.add(words);
      return [
        element(
          'li',
          {},
          element('code', {}, words),
          ' ',
          ...transition.clauses.flatMap((id) => [clauseLink(id), ' ']),
        ),
      ];
    });
    body.replaceChildren(
      element('p', {}, element('code', {}, state.path), ' ', state.description),
      element('p', {}, ...state.clauses.flatMap((id) => [clauseLink(id), ' '])),
      element('ul', {}, ...rows),
      back(),
    );
  };

  const showClause = (id: string): void => {
    const clause = clauses[id];
    if (clause === undefined) return;
    setText(title, `Clause ${id}`);
    body.replaceChildren(
      element('p', { class: 'clause-text' }, element('b', {}, clause.level), ` ${clause.text}`),
      element(
        'p',
        { class: 'hint' },
        clause.section === 'mod_smacks' ? clause.section : `XEP-0198, section ${clause.section}`,
      ),
      back(),
    );
  };

  const back = (): HTMLElement => {
    const button = element('button', { type: 'button' }, 'Back to the active states');
    button.addEventListener('click', () => choose(undefined));
    return button;
  };

  const choose = (subject: typeof picked): void => {
    picked = subject;
    show();
  };

  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a.clause') : null;
    if (link === null) return;
    event.preventDefault();
    choose({ clause: link.textContent });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') choose(undefined);
  });

  return {
    follow(next, active) {
      if (next !== chart && picked !== undefined && 'state' in picked) picked = undefined;
      chart = next;
      leaves = active;
      show();
    },
    pick: (path) => choose(path === undefined ? undefined : { state: path }),
  };
};
