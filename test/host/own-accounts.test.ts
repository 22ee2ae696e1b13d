import { describe, expect, it } from 'vitest';
import { createAccounts } from '../../src/host/accounts.js';
import type { Accounts, Credentials, ScramHash } from '../../src/host.js';
import { HEADER, message } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const auth = (user: string): string => {
  const plain = Buffer.from(`\0${user}\0${user}-secret`).toString('base64');
  return `<auth xmlns='${SASL}' mechanism='PLAIN'>${plain}</auth>`;
};
const failure = (condition: string): string => `<failure xmlns='${SASL}'><${condition}/></failure>`;

const memory = await createAccounts([{ user: 'romeo', password: 'romeo-secret' }], { iterations: 64 });

/** An embedder's object: a class, with a check that a test can hold back or fail. */
class DirectoryService implements Accounts {
  readonly #accounts = memory;
  readonly asked: string[] = [];
  answer = async (): Promise<void> => {};

  has(user: string): boolean {
    return this.#accounts.has(user);
  }

  credentials(user: string, hash: ScramHash): Credentials {
    return this.#accounts.credentials(user, hash);
  }

  async proves(user: string, password: string): Promise<boolean> {
    this.asked.push(user);
    await this.answer();
    return this.#accounts.proves(user, password);
  }
}

const start = async () => {
  const accounts = new DirectoryService();
  const host = await startHost({ accounts });
  return { accounts, host };
};

describe("an embedder's own accounts", () => {
  it('say who may log in, and who exists', async () => {
    const { accounts, host } = await start();
    const romeo = await host.bound('romeo', 'a');
    expect(accounts.asked).toEqual(['romeo']);
    await romeo.write(message('nurse@localhost', '1')).until(/<service-unavailable /);
    const juliet = await host.connect();
    await juliet.open();
    await juliet.write(auth('juliet')).expect(failure('not-authorized'));
  });

  it('may fail to check a password: the client tries again on the same stream', async () => {
    const { accounts, host } = await start();
    const client = await host.connect();
    await client.open();
    accounts.answer = () => Promise.reject(new Error('the directory is away'));
    await client.write(auth('romeo')).expect(failure('temporary-auth-failure'));
    accounts.answer = async () => {};
    await client.write(auth('romeo')).until(/<success /);
  });

  it('may answer late: what the client sends meanwhile waits', async () => {
    const { accounts, host } = await start();
    const client = await host.connect();
    await client.open();
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    accounts.answer = () => answered;
    client.write(auth('romeo') + HEADER);
    await expect.poll(() => accounts.asked).toEqual(['romeo']);
    expect(client.unread).toBe('');
    answer();
    await client.until(/<success .*<stream:stream .*<bind /);
  });
});
