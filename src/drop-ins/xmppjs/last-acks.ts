/** Before a session is closed the server is asked once more: what it has is known to have arrived, which it could not say afterwards. */
import type { Clock } from '../../ports/index.js';
import type { Sessions } from './sessions.js';

/** Milliseconds that closing waits for the server's word. */
const PATIENCE = 2_000;

/** Resolves when every receipt is settled, when there is nobody left to ask, or when the server takes too long. */
export const lastAcks = (sessions: Sessions, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    const finish = (): void => {
      stopWaiting();
      stopListening();
      resolve();
    };
    const ask = (): void => sessions.current.requestAck();
    const stopWaiting = clock.at(clock.now() + PATIENCE, finish);
    const stopListening = sessions.reports.add(({ type }) => {
      if (!sessions.awaitAcks) finish();
      // Not everything: the question was an earlier one, or could not be asked before.
      else if (type === 'acknowledged' || type === 'enabled') ask();
    });
    ask();
  });
