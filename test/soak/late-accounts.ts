/** Accounts far away: a password check takes a while, and some checks fail. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Accounts } from '../../src/host.js';
import type { Random } from '../../src/testing.js';

export interface Checking {
  /** The most milliseconds that a password check takes. */
  readonly checkDelay: number;
  /** Password checks of a hundred that fail. */
  readonly failingCheck: number;
}

export const createLateAccounts = (
  accounts: Accounts,
  random: Random,
  { checkDelay, failingCheck }: Checking,
): Accounts => ({
  has: (user) => accounts.has(user),
  credentials: (user, hash) => accounts.credentials(user, hash),
  async proves(user, password) {
    const fails = random.chance(failingCheck / 100);
    if (checkDelay > 0) await delay(random.integer(0, checkDelay));
    if (fails) throw new Error('the directory service does not answer');
    return accounts.proves(user, password);
  },
});
