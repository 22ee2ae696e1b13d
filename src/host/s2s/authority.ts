/** The receiving server asks the server that answers for a domain whether a key is its own (XEP-0220 section 2.1.2). */
import type { Clock } from '../../server.js';
import type { StanzaCondition } from '../stanza-error.js';
import { DialedStream, type DialOptions } from './dial.js';
import { readDialback, writeDialback } from './dialback.js';

/** The result of a verification, for the server that sent the key; a condition says why the authority gave no answer. */
export type Verification = 'valid' | 'invalid' | Extract<StanzaCondition, `remote-server-${string}`>;

export interface Question extends DialOptions {
  /** The id of the stream on which the key came. */
  readonly streamId: string;
  readonly key: string;
  readonly clock: Clock;
  /** Seconds for the whole question. */
  readonly patience: number;
}

/**
 * Asks on its own connection, which ends with the answer. So the question does not wait for stanzas, and stanzas do not wait for it.
 * @returns never rejects
 */
export const askAuthority = ({ address, from, to, streamId, key, clock, patience }: Question): Promise<Verification> =>
  new Promise((resolve) => {
    const conclude = (verification: Verification): void => {
      cancelTimeout();
      resolve(verification);
      stream.close();
    };
    const stream = new DialedStream(
      { address, from, to },
      {
        connected() {},
        opened: () => stream.write(writeDialback({ name: 'verify', from, to, id: streamId, key })),
        element(element) {
          const answer = readDialback(element);
          if (answer === undefined || answer === 'misaddressed' || answer.name !== 'verify') return;
          if (answer.from !== to || answer.to !== from || answer.id !== streamId) return;
          conclude(answer.type === 'valid' || answer.type === 'invalid' ? answer.type : 'remote-server-not-found');
        },
        streamClose: () => conclude('remote-server-timeout'),
        violation: () => conclude('remote-server-timeout'),
        lost() {
          cancelTimeout();
          resolve('remote-server-timeout');
        },
      },
    );
    const cancelTimeout = clock.at(clock.now() + patience * 1000, () => stream.destroy());
  });
