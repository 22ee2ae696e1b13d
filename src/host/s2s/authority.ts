/** The receiving server asks the one that answers for a domain whether a key is its own (XEP-0220 section 2.1.2). */
import type { Clock } from '../../ports/index.js';
import type { StanzaCondition } from '../stanza-error.js';
import { type DialOptions, dial } from './dial.js';
import { readDialback, writeDialback } from './dialback.js';

/** What is told to the server that sent the key; a condition says why nothing could be found out. */
export type Verdict = 'valid' | 'invalid' | Extract<StanzaCondition, `remote-server-${string}`>;

export interface Question extends DialOptions {
  /** The id of the stream on which the key came. */
  readonly streamId: string;
  readonly key: string;
  readonly clock: Clock;
  /** Seconds for all of it. */
  readonly patience: number;
}

/**
 * Asks on a connection of its own, which ends with the answer: no stanza waits for it, and it for none.
 * @returns never rejects
 */
export const askAuthority = ({ address, from, to, streamId, key, clock, patience }: Question): Promise<Verdict> =>
  new Promise((resolve) => {
    const settle = (verdict: Verdict): void => {
      tooLate();
      resolve(verdict);
      stream.close();
    };
    const stream = dial(
      { address, from, to },
      {
        connected() {},
        opened: () => stream.write(writeDialback({ name: 'verify', from, to, id: streamId, key })),
        element(element) {
          const answer = readDialback(element);
          if (answer === undefined || answer === 'misaddressed' || answer.name !== 'verify') return;
          if (answer.from !== to || answer.to !== from || answer.id !== streamId) return;
          settle(answer.type === 'valid' || answer.type === 'invalid' ? answer.type : 'remote-server-not-found');
        },
        streamClose: () => settle('remote-server-timeout'),
        violation: () => settle('remote-server-timeout'),
        lost() {
          tooLate();
          resolve('remote-server-timeout');
        },
      },
    );
    const tooLate = clock.at(clock.now() + patience * 1000, () => stream.destroy());
  });
