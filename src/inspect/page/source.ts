/** The streams of the inspector: one for the list, and one for the selected session. */
import type { DetailMessage, ListMessage } from '../messages.js';

export interface Listener {
  list(message: ListMessage): void;
  detail(message: DetailMessage): void;
  /** Tells whether the inspector answers. */
  connected(is: boolean): void;
}

export interface Source {
  /** Selects the session that the second stream shows. */
  select(id: number): void;
  /** Goes to this line of a record. The list begins again, and the page has to select its session again. */
  seek(at: number): void;
}

export const openSource = (listener: Listener): Source => {
  let at: number | undefined;
  let selected: number | undefined;
  let list: EventSource | undefined;
  let detail: EventSource | undefined;

  const url = (path: string): string => (at === undefined ? path : `${path}?at=${at}`);

  const openList = (): void => {
    list?.close();
    list = new EventSource(url('/sessions'));
    list.onopen = () => listener.connected(true);
    list.onerror = () => listener.connected(false);
    list.onmessage = ({ data }) => listener.list(JSON.parse(data));
  };

  const openDetail = (): void => {
    detail?.close();
    if (selected === undefined) return;
    const own = new EventSource(url(`/sessions/${selected}`));
    detail = own;
    own.onmessage = ({ data }) => {
      if (detail === own) listener.detail(JSON.parse(data));
    };
  };

  openList();
  return {
    select(id) {
      selected = id;
      openDetail();
    },
    seek(line) {
      at = line;
      openList();
    },
  };
};
