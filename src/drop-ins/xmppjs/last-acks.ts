/** Asks the server for a last acknowledgement before a session closes, because the server cannot acknowledge stanzas afterwards. */
import type { Clock } from '../../ports/index.js';
import type { Sessions } from './sessions.js';

/** The time that closing waits for the server's answer, in milliseconds. */
const PATIENCE = 2_000;

/** Resolves when every receipt is settled, when the connection is gone, or when the server takes too long. */
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
      // Some receipts are still open: the answer was for an earlier request, or no request was possible before.
      else if (type === 'acknowledged' || type === 'enabled') ask();
    });
    ask();
  });
