/** Streams of server-sent events. A slow browser misses nothing in the end and is waited for by nobody: what it has not taken is not sent. */
import type { ServerResponse } from 'node:http';
import type { DetailMessage, ListMessage } from '../../inspect/messages.js';
import type { Watch } from '../../inspect/watch.js';

/** What is looked at. */
export interface View {
  readonly watch: Watch;
  /** How many steps have been made: of a record, at which line it is. */
  readonly steps: number;
  /** Of a record: how many lines it has. Null while sessions run. */
  readonly of: number | null;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly disagreement: string | null;
}

/** The list of sessions, and then what changes of it. @param view looks; it is asked once for a record, and again and again for what runs */
export const feedList = (response: ServerResponse, view: () => View, every = LIST_EVERY): void => {
  let known: ReadonlySet<number> | undefined;
  let seen = 0;
  feed(response, every, () => {
    const { watch, steps, of } = view();
    if (known !== undefined && (of !== null || watch.steps === seen)) return undefined;
    const message: ListMessage = {
      anew: known === undefined,
      steps,
      of,
      sessions: watch.changedSince(seen),
      gone: [...(known ?? [])].filter((id) => !watch.sessions.has(id)),
    };
    known = new Set(watch.sessions.keys());
    seen = watch.steps;
    return message;
  });
};

/** One session. It stays silent while that is not known. */
export const feedDetail = (response: ServerResponse, id: number, view: () => View): void => {
  let seen = 0;
  feed(response, DETAIL_EVERY, () => {
    const { watch, now, of, disagreement } = view();
    if (seen > 0 && (of !== null || watch.sessions.get(id)?.steps === seen)) return undefined;
    const detail = watch.detail(id, seen);
    if (detail === undefined) return undefined;
    seen = detail.steps;
    return { ...detail, now, of, disagreement } satisfies DetailMessage;
  });
};

/** @param compose is asked at once, and then as often as that: it gives what is new, or undefined */
export const feed = (response: ServerResponse, every: number, compose: () => object | undefined): void => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write('retry: 1000\n\n');
  const send = (): void => {
    if (response.writableNeedDrain) return;
    const message = compose();
    if (message !== undefined) response.write(`data: ${JSON.stringify(message)}\n\n`);
  };
  send();
  const timer = setInterval(send, every);
  response.on('close', () => clearInterval(timer));
};

/** Milliseconds. */
const LIST_EVERY = 250;
const DETAIL_EVERY = 100;
