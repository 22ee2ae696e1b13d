/** The list of sessions. Only the rows in sight are elements, so that thousands cost no more than a few. */
import type { ListMessage, Status, Summary } from '../messages.js';
import { byId, element, setText } from './dom.js';

export interface SessionList {
  update(message: ListMessage): void;
  readonly selected: number | undefined;
}

/** @param onSelect is called when another session is to be looked at */
export const createList = (onSelect: (session: Summary) => void): SessionList => {
  const rows = byId('rows', HTMLElement);
  const space = byId('space', HTMLElement);
  const filter = byId('filter', HTMLInputElement);
  const status = byId('status', HTMLSelectElement);
  const count = byId('count', HTMLElement);
  const sessions = new Map<number, Summary>();
  const drawn = new Map<number, HTMLElement>();
  let shown: readonly Summary[] = [];
  let selected: number | undefined;

  const choose = (): void => {
    const name = filter.value.trim().toLowerCase();
    shown = [...sessions.values()]
      .filter((session) => session.name.toLowerCase().includes(name) && isOf(session.status, status.value))
      .sort((a, b) => ORDER[a.status] - ORDER[b.status] || a.id - b.id);
    const all = sessions.size;
    setText(count, shown.length === all ? `${all} sessions` : `${shown.length} of ${all} sessions`);
    draw();
  };

  const draw = (): void => {
    const first = Math.max(0, Math.floor(rows.scrollTop / ROW) - SPARE);
    const last = Math.ceil((rows.scrollTop + rows.clientHeight) / ROW) + SPARE;
    const inSight = shown.slice(first, last);
    space.style.height = `${shown.length * ROW}px`;
    const ids = new Set(inSight.map(({ id }) => id));
    for (const [id, row] of drawn) {
      if (ids.has(id)) continue;
      row.remove();
      drawn.delete(id);
    }
    inSight.forEach((session, index) => {
      const row = drawn.get(session.id) ?? newRow(session.id);
      fill(row, session, session.id === selected);
      row.style.top = `${(first + index) * ROW}px`;
      row.setAttribute('aria-posinset', `${first + index + 1}`);
      row.setAttribute('aria-setsize', `${shown.length}`);
    });
    if (selected !== undefined && drawn.has(selected)) rows.setAttribute('aria-activedescendant', `row-${selected}`);
    else rows.removeAttribute('aria-activedescendant');
  };

  const newRow = (id: number): HTMLElement => {
    const row = element(
      'div',
      { id: `row-${id}`, class: 'row', role: 'option' },
      element('i', { class: 'dot', 'aria-hidden': 'true' }),
      element('b'),
      element('small'),
      element('span', { class: 'unacked' }),
    );
    row.addEventListener('click', () => select(id));
    space.append(row);
    drawn.set(id, row);
    return row;
  };

  const select = (id: number | undefined): void => {
    const session = id === undefined ? undefined : sessions.get(id);
    if (session === undefined) return;
    const isOther = selected !== id;
    selected = id;
    const place = shown.findIndex((one) => one.id === id);
    if (place >= 0) {
      if (place * ROW < rows.scrollTop) rows.scrollTop = place * ROW;
      if ((place + 1) * ROW > rows.scrollTop + rows.clientHeight)
        rows.scrollTop = (place + 1) * ROW - rows.clientHeight;
    }
    draw();
    if (isOther) onSelect(session);
  };

  const moves: Readonly<Record<string, (place: number) => number>> = {
    ArrowDown: (place) => place + 1,
    ArrowUp: (place) => place - 1,
    PageDown: (place) => place + PAGE,
    PageUp: (place) => place - PAGE,
    Home: () => 0,
    End: () => shown.length - 1,
  };

  const move = (event: KeyboardEvent): void => {
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const place = to(shown.findIndex(({ id }) => id === selected));
    select(shown[Math.min(Math.max(place, 0), shown.length - 1)]?.id);
  };

  rows.addEventListener('scroll', draw);
  rows.addEventListener('keydown', move);
  new ResizeObserver(draw).observe(rows);
  filter.addEventListener('input', choose);
  filter.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      rows.focus();
      select(shown.some(({ id }) => id === selected) ? selected : shown[0]?.id);
    }
  });
  status.addEventListener('change', choose);
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === filter) return;
    event.preventDefault();
    filter.focus();
  });

  return {
    update({ anew, sessions: changed, gone }) {
      if (anew) sessions.clear();
      for (const session of changed) sessions.set(session.id, session);
      for (const id of gone) sessions.delete(id);
      choose();
      const current = selected === undefined ? undefined : sessions.get(selected);
      if (current === undefined) {
        selected = undefined;
        select((shown.find(({ status: one }) => one === 'enabled') ?? shown[0])?.id);
      } else if (anew) onSelect(current);
    },
    get selected() {
      return selected;
    },
  };
};

const isOf = (status: Status, wanted: string): boolean =>
  wanted === '' || status === wanted || (wanted === 'live' && status !== 'ended' && status !== 'hibernating');

const fill = (row: HTMLElement, session: Summary, isSelected: boolean): void => {
  const [, name, about, unacked] = row.children;
  row.dataset.status = session.status;
  row.setAttribute('aria-selected', `${isSelected}`);
  row.title = session.configuration;
  if (name !== undefined) setText(name, session.name);
  if (about !== undefined) setText(about, `${session.role} · ${inShort(session)}`);
  if (unacked !== undefined) setText(unacked, session.unacked === 0 ? '' : `${session.unacked}`);
};

/** The first leaf state, by its last name. */
export const inShort = ({ status, configuration }: Summary): string => {
  const leaf = configuration.split(' & ')[0]?.split('.').at(-1) ?? '';
  return leaf === status ? status : `${status} · ${leaf}`;
};

const ORDER: Readonly<Record<Status, number>> = { enabled: 0, hibernating: 1, opening: 2, unmanaged: 3, ended: 4 };

/** Pixels, as in the style sheet. */
const ROW = 46;
const SPARE = 4;
const PAGE = 10;
