/** Who fills the queues of others: a session that sends a batch, and waits until the server has taken it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entrance } from './servers.js';
import { begin } from './session.js';

export interface Sender {
  /** Resolves when the messages are in the queues, or as good as. */
  send(to: readonly string[], each: number): Promise<void>;
  close(): Promise<void>;
}

export const startSender = async (entrance: Entrance, user: string): Promise<Sender> => {
  const { link } = await begin(entrance, user);
  // Its presence.
  let sent = 1;
  return {
    async send(to, each) {
      const batch = to.map((jid) => message(jid).repeat(each)).join('');
      sent += to.length * each;
      link.write(batch);
      link.ask();
      await link.counted(({ acked }) => acked === sent);
      await sleep(ON_THEIR_WAY);
    },
    close: () => link.close(),
  };
};

/** Milliseconds: a server may count a stanza before it has reached the session that it is for. */
const ON_THEIR_WAY = 10;

const message = (to: string): string => `<message to='${to}' type='chat'><body>as long as usual</body></message>`;
