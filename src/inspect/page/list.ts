/** The list of sessions, and the selection of a session in it. */
import type { ListMessage, Summary } from '../messages.js';
import { byId } from './dom.js';
import { createFilter } from './filter.js';
import { createRows } from './rows.js';

export interface SessionList {
  update(message: ListMessage): void;
}

export interface ListListener {
  /** The user looks at another session. */
  onLook(session: Summary): void;
  /** The user tapped a row, or pressed Enter on it. */
  onOpen(): void;
  /** The user wants to search. */
  onSearch(): void;
}

export const createList = ({ onLook, onOpen, onSearch }: ListListener): SessionList => {
  const box = byId('rows', HTMLElement);
  const search = byId('filter', HTMLInputElement);
  const sessions = new Map<number, Summary>();
  let shown: readonly Summary[] = [];
  let selected: number | undefined;

  const choose = (): void => {
    shown = filter.apply([...sessions.values()]);
    rows.draw(shown, selected);
  };

  const select = (id: number | undefined): void => {
    const session = id === undefined ? undefined : sessions.get(id);
    if (session === undefined) return;
    const isOther = selected !== id;
    selected = id;
    const place = shown.findIndex((one) => one.id === id);
    if (place >= 0) rows.reveal(place);
    rows.draw(shown, selected);
    if (isOther) onLook(session);
  };

  const filter = createFilter(choose);
  const rows = createRows((id) => {
    select(id);
    onOpen();
  });

  const move = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') onOpen();
    const to = MOVES[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const last = shown.length - 1;
    const place = to(
      shown.findIndex(({ id }) => id === selected),
      last,
    );
    select(shown[Math.min(Math.max(place, 0), last)]?.id);
  };

  box.addEventListener('keydown', move);
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    box.focus();
    select(shown.some(({ id }) => id === selected) ? selected : shown[0]?.id);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === search) return;
    event.preventDefault();
    onSearch();
    search.focus();
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
        select((shown.find(({ status }) => status === 'enabled') ?? shown[0])?.id);
      } else if (anew) onLook(current);
    },
  };
};

/** Maps a key to the move from a place in the list to another. */
const MOVES: Readonly<Record<string, (place: number, last: number) => number>> = {
  ArrowDown: (place) => place + 1,
  ArrowUp: (place) => place - 1,
  PageDown: (place) => place + PAGE,
  PageUp: (place) => place - PAGE,
  Home: () => 0,
  End: (_place, last) => last,
};

const PAGE = 10;
