/** Many sessions at a time. */
import type { Mechanism } from './login.js';
import type { Entrance } from './servers.js';
import { begin, type Session } from './session.js';

/** Connections that are on their way in at a time. */
export const CONCURRENCY = 50;

/** Does it for all, CONCURRENCY at a time. */
export const forAll = async <I, R>(items: readonly I[], act: (item: I) => Promise<R>): Promise<readonly R[]> => {
  const results: R[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
};

export const beginAll = (
  entrance: Entrance,
  users: readonly string[],
  mechanism: Mechanism,
): Promise<readonly Session[]> => forAll(users, (user) => begin(entrance, user, { mechanism }));

export const closeAll = async (sessions: readonly Session[]): Promise<void> => {
  await forAll(sessions, ({ link }) => link.close());
};
