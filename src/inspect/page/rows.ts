/**
 * The rows of the list. Only the rows in sight are elements, so that thousands of sessions cost no more than a few
 * sessions.
 */
import type { Summary } from '../messages.js';
import { byId, element, setText } from './dom.js';

export interface Rows {
  /** @param selected the id of the selected session */
  draw(sessions: readonly Summary[], selected: number | undefined): void;
  /** Scrolls to the row with this number, if it is not in sight. */
  reveal(place: number): void;
}

/** @param onTap is called with the session whose row was tapped */
export const createRows = (onTap: (id: number) => void): Rows => {
  const box = byId('rows', HTMLElement);
  const space = byId('space', HTMLElement);
  const drawn = new Map<number, HTMLElement>();
  let sessions: readonly Summary[] = [];
  let selected: number | undefined;

  const newRow = (id: number): HTMLElement => {
    const row = emptyRow(id);
    row.addEventListener('click', () => onTap(id));
    space.append(row);
    drawn.set(id, row);
    return row;
  };

  const draw = (): void => {
    const first = Math.max(0, Math.floor(box.scrollTop / HEIGHT) - SPARE);
    const last = Math.ceil((box.scrollTop + box.clientHeight) / HEIGHT) + SPARE;
    const inSight = sessions.slice(first, last);
    space.style.height = `${sessions.length * HEIGHT}px`;
    const ids = new Set(inSight.map(({ id }) => id));
    for (const [id, row] of drawn) {
      if (ids.has(id)) continue;
      row.remove();
      drawn.delete(id);
    }
    for (const [index, session] of inSight.entries()) {
      const row = drawn.get(session.id) ?? newRow(session.id);
      fill(row, session, session.id === selected);
      row.style.top = `${(first + index) * HEIGHT}px`;
      row.setAttribute('aria-posinset', `${first + index + 1}`);
      row.setAttribute('aria-setsize', `${sessions.length}`);
    }
    if (selected !== undefined && drawn.has(selected)) box.setAttribute('aria-activedescendant', `row-${selected}`);
    else box.removeAttribute('aria-activedescendant');
  };

  box.addEventListener('scroll', draw);
  new ResizeObserver(draw).observe(box);
  return {
    draw(next, looked) {
      sessions = next;
      selected = looked;
      draw();
    },
    reveal(place) {
      const top = place * HEIGHT;
      if (top < box.scrollTop) box.scrollTop = top;
      if (top + HEIGHT > box.scrollTop + box.clientHeight) box.scrollTop = top + HEIGHT - box.clientHeight;
    },
  };
};

/** A summary in short: the status, and the last name in the path of the first leaf state. */
export const inShort = ({ status, configuration }: Summary): string => {
  const leaf = configuration.split(' & ')[0]?.split('.').at(-1) ?? '';
  return leaf === status ? status : `${status} · ${leaf}`;
};

const emptyRow = (id: number): HTMLElement =>
  element(
    'div',
    { id: `row-${id}`, class: 'row', role: 'option' },
    element('i', { class: 'dot', 'aria-hidden': 'true' }),
    element('b'),
    element('small'),
    element('span', { class: 'unacked' }),
  );

const fill = (row: HTMLElement, session: Summary, isSelected: boolean): void => {
  const [, name, about, unacked] = row.children;
  row.dataset.status = session.status;
  row.setAttribute('aria-selected', `${isSelected}`);
  if (name !== undefined) setText(name, session.name);
  if (about !== undefined) setText(about, `${session.role} · ${inShort(session)}`);
  if (unacked !== undefined) setText(unacked, session.unacked === 0 ? '' : `${session.unacked} unacked`);
};

/** The height of a row in pixels, as in the style sheet. */
const HEIGHT = 48;
/** The number of extra rows above and below the rows in sight. */
const SPARE = 4;
