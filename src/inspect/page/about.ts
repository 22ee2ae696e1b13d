/** Explains in words: the active states of the session, or the state or the clause that the user asks about. */
import type { ChartState, Pictures } from '../messages.js';
import { byId, setText } from './dom.js';
import { activeText, clauseText, type Explanation, stateText } from './explanation.js';
import type { Picked } from './picked.js';
import { isWithin, stateAt } from './tree.js';

export interface About {
  /** Sets the chart of the selected session, and its active leaf states. */
  follow(chart: ChartState, leaves: readonly string[]): void;
}

export const createAbout = ({ clauses }: Pictures, picked: Picked): About => {
  const title = byId('about-title', HTMLElement);
  const body = byId('about', HTMLElement);
  const close = byId('about-close', HTMLButtonElement);
  let chart: ChartState | undefined;
  let leaves: readonly string[] = [];
  let shown: string | undefined;

  const explanation = (): Explanation => {
    const { subject } = picked;
    if (subject !== undefined && 'clause' in subject) return clauseText(subject.clause, clauses);
    if (chart === undefined) return NO_SESSION;
    const state = subject === undefined ? undefined : stateAt(chart, subject.state);
    if (state === undefined) return activeText(chart, leaves, (path) => picked.pick({ state: path }));
    return stateText(
      state,
      leaves.some((leaf) => isWithin(leaf, state.path)),
      clauses,
    );
  };

  /** Replaces the text only when it changes, so that the reader's place and the focus of a button are kept. */
  const show = (): void => {
    const { key, title: heading, content } = explanation();
    if (key === shown) return;
    shown = key;
    const focused = document.activeElement?.getAttribute('data-about');
    setText(title, heading);
    body.replaceChildren(...content());
    body.scrollTop = 0;
    body.querySelector<HTMLElement>(`[data-about="${focused}"]`)?.focus();
    close.hidden = picked.subject === undefined;
    document.body.dataset.picked = `${picked.subject !== undefined}`;
  };

  close.addEventListener('click', () => picked.pick(undefined));
  picked.follow(show);
  show();
  return {
    follow(next, active) {
      chart = next;
      leaves = active;
      show();
    },
  };
};

const NO_SESSION: Explanation = {
  key: 'no session',
  title: 'Active states',
  content: () => ['The states of a session are explained here.'],
};
