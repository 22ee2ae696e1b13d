/**
 * Streams of server-sent events. A slow browser does not make the server wait: the server sends nothing until the
 * browser has taken the earlier messages, and then sends all that is new.
 */
import type { ServerResponse } from 'node:http';
import type { DetailMessage, ListMessage } from '../../inspect/messages.js';
import type { Watch } from '../../inspect/watch.js';

/** The sessions that the page shows, at a moment or at a line of a record. */
export interface View {
  readonly watch: Watch;
  /** The number of steps so far; for a record, the line that is shown. */
  readonly steps: number;
  /** The number of lines of a record; null while sessions run. */
  readonly of: number | null;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly disagreement: string | null;
}

/**
 * Streams the list of sessions, and then its changes.
 * @param view returns the current view; the feed calls it once for a record, and repeatedly for running sessions
 */
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

/** Streams a session. The stream is silent while the watch does not know the session. */
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

/**
 * @param every milliseconds between two calls of `compose`
 * @param compose returns what is new, or undefined; the feed also calls it at once
 */
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

/** Milliseconds between two messages. */
const LIST_EVERY = 250;
const DETAIL_EVERY = 100;
