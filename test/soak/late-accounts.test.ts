import { describe, expect, it } from 'vitest';
import { createAccounts } from '../../src/host/accounts.js';
import { createRandom } from '../../src/testing.js';
import { createLateAccounts } from './late-accounts.js';

const start = async (failingCheck: number) => {
  const accounts = await createAccounts([{ user: 'romeo', password: 'secret' }], { iterations: 1 });
  return createLateAccounts(accounts, createRandom(1), { checkDelay: 1, failingCheck });
};

describe('the accounts of a soak', () => {
  it('know the users and their passwords', async () => {
    const late = await start(0);
    expect([late.has('romeo'), late.has('juliet')]).toEqual([true, false]);
    expect(await Promise.all([late.proves('romeo', 'secret'), late.proves('romeo', 'wrong')])).toEqual([true, false]);
  });

  it('do not say that a password is wrong when its check fails', async () => {
    await expect((await start(100)).proves('romeo', 'secret')).rejects.toThrow('does not answer');
  });
});
