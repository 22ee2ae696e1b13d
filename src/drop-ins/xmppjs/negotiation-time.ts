/** xmpp.js has no timer between its first packet and `online`: without this limit it waits without end for a server that stops answering. */
import type { Clock } from '../../ports/index.js';
import type { Entity } from './entity.js';
import type { Sessions } from './sessions.js';
import { destroySocket } from './stream.js';

/** @param seconds from the attempt to connect until the session is ready; 0 is no limit. After this time xmpp.js connects again */
export const limitNegotiation = (entity: Entity, sessions: Sessions, clock: Clock, seconds: number): void => {
  let stop = (): void => {};
  const giveUp = (): void => {
    const reason = new Error(`there is no session after ${seconds} s`);
    if (sessions.stream === undefined) destroySocket(entity.socket, reason);
    else sessions.stream.destroy(reason);
  };
  entity.prependListener('connecting', () => {
    stop();
    if (seconds > 0) stop = clock.at(clock.now() + seconds * 1000, giveUp);
  });
  for (const event of ['online', 'disconnect']) entity.prependListener(event, () => stop());
  sessions.reports.add(({ type }) => {
    if (type === 'resumed') stop();
  });
};
