/** Chooses the sessions that the list shows, and the message for an empty list. */
import type { Status, Summary } from '../messages.js';
import { byId, element, setText } from './dom.js';

export interface Filter {
  /** Returns the sessions that pass the filter, in the order of the list, and shows their number. */
  apply(sessions: readonly Summary[]): readonly Summary[];
}

/** @param onChange is called when the user changes the filter, so that other sessions may pass */
export const createFilter = (onChange: () => void): Filter => {
  const name = byId('filter', HTMLInputElement);
  const status = byId('status', HTMLSelectElement);
  const count = byId('count', HTMLElement);
  const empty = byId('empty', HTMLElement);

  const clear = element('button', { type: 'button' }, 'Show all sessions');
  clear.addEventListener('click', () => {
    name.value = '';
    status.value = '';
    onChange();
    name.focus();
  });
  const text = element('p');
  const sayNone = (all: number): void => {
    setText(text, all === 0 ? NO_SESSION : noMatch(name.value.trim(), status.value, all));
    empty.replaceChildren(text, ...(all === 0 ? [] : [clear]));
  };

  name.addEventListener('input', onChange);
  status.addEventListener('change', onChange);
  return {
    apply(sessions) {
      const part = name.value.trim().toLowerCase();
      const shown = sessions
        .filter((session) => session.name.toLowerCase().includes(part) && isOf(session.status, status.value))
        .sort((a, b) => ORDER[a.status] - ORDER[b.status] || a.id - b.id);
      setText(count, counted(shown.length, sessions.length, status.value));
      empty.hidden = shown.length > 0;
      if (shown.length === 0) sayNone(sessions.length);
      return shown;
    },
  };
};

const isOf = (status: Status, wanted: string): boolean =>
  wanted === '' || status === wanted || (wanted === CONNECTED && status !== 'ended' && status !== 'hibernating');

const counted = (shown: number, all: number, wanted: string): string => {
  const sessions = all === 1 ? '1 session' : `${all} sessions`;
  const means = MEANINGS[wanted];
  return `${shown === all ? sessions : `${shown} of ${sessions}`}${means === undefined ? '' : ` · ${means}`}`;
};

const noMatch = (name: string, wanted: string, all: number): string => {
  const which = [name === '' ? '' : `has “${name}” in its name`, wanted === '' ? '' : `is ${wanted}`];
  const others = all === 1 ? 'the other session' : `all ${all} sessions`;
  return `No session ${which.filter((part) => part !== '').join(' and ')}. Ask for something else, or look at ${others}.`;
};

const NO_SESSION = 'There is no session yet. A session appears here as soon as a connection is opened.';

const CONNECTED = 'connected';

const MEANINGS: Readonly<Record<string, string>> = {
  connected: 'the session has a connection',
  negotiating: 'stream management is not on yet',
  enabled: 'stream management is on',
  unmanaged: 'the stream goes on without stream management',
  hibernating: 'the connection is lost, the session can be resumed',
  ended: 'the session cannot be resumed any more',
} satisfies Record<Status | typeof CONNECTED, string>;

const ORDER: Readonly<Record<Status, number>> = { enabled: 0, hibernating: 1, negotiating: 2, unmanaged: 3, ended: 4 };
