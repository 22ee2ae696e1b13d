/** The page with Stately's inspector in a frame, and the stream of messages for it. */
import type { SmEvent } from '../../index.js';
import { createStatelyFeed, type StatelyFeed, type StatelyInspect } from '../../inspect/stately.js';
import type { Watch } from '../../inspect/watch.js';
import { loadOptional } from '../optional-package.js';
import { feed } from './feed.js';
import type { Route } from './server.js';

export interface Stately {
  readonly route: Route;
  /** Records that a session has made a step. */
  stepped(id: number, event: SmEvent): void;
}

/** @param page the address of Stately's inspector */
export const createStately = (library: StatelyInspect, watch: Watch, page: string): Stately => {
  const feeds = new Set<StatelyFeed>();
  return {
    stepped(id, event) {
      for (const one of feeds) one.stepped(id, event);
    },
    route(_request, response, { pathname }) {
      if (pathname === '/stately.json') {
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ page }));
        return true;
      }
      if (pathname !== '/stately/messages') return false;
      const own = createStatelyFeed(library, watch);
      feeds.add(own);
      response.on('close', () => feeds.delete(own));
      feed(response, EVERY, () => {
        const messages = own.take();
        return messages.length === 0 ? undefined : messages;
      });
      return true;
    },
  };
};

/** @returns rejects with Failure when `@statelyai/inspect` is not installed */
export const loadStately = (): Promise<StatelyInspect> => loadOptional('@statelyai/inspect', '--inspect-stately');

/** Milliseconds between two messages. */
const EVERY = 250;
