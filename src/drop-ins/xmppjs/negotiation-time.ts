/** xmpp.js has no timer between its first packet and `online`: a server that falls silent in between would be waited for for ever. */
import type { Clock } from '../../ports/index.js';
import type { Entity } from './entity.js';
import type { Sessions } from './sessions.js';
import { destroySocket } from './stream.js';

/** @param seconds from the attempt to connect until a session is there; 0 is no limit. xmpp.js connects again when it is over */
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
