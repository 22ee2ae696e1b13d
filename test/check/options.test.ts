import { describe, expect, it } from 'vitest';
import { type CheckServerOptions, checkServer, checks, checksNamed, parseServer } from '../../src/check.js';

const ACCOUNTS = ['romeo', 'juliet'].map((user) => ({ jid: `${user}@localhost`, password: 'secret' }));

describe('checkServer rejects wrong options with a TypeError that names', () => {
  it.each<[string, object, RegExp]>([
    ['a server without a port', { server: 'localhost' }, /^server: not HOST:PORT/],
    ['no server', { server: undefined }, /^server: not HOST:PORT/],
    ['an unknown transport', { transport: 'udp' }, /^transport: not one of tcp, starttls, tls, ws$/],
    ['a URL that TLS does not reach', { server: 'ws://localhost/', transport: 'tls' }, /^transport: .* tls does not/],
    ['no accounts', { accounts: undefined }, /^accounts: two accounts are needed/],
    ['one account', { accounts: ACCOUNTS.slice(0, 1) }, /^accounts: two accounts are needed/],
    [
      'a full JID',
      { accounts: [...ACCOUNTS, { jid: 'a@localhost/b', password: 'c' }] },
      /^accounts: a@localhost\/b is not/,
    ],
    ['no password', { accounts: [...ACCOUNTS, { jid: 'a@localhost' }] }, /^accounts: a@localhost is not/],
    ['two domains', { accounts: [...ACCOUNTS, { jid: 'a@b', password: 'c' }] }, /^accounts: b is not localhost/],
    ['an account twice', { accounts: [...ACCOUNTS, ...ACCOUNTS] }, /^accounts: romeo@localhost is given twice$/],
    ['a negative wait', { wait: -1 }, /^wait: not a number of seconds$/],
    ['a count beyond 32 bits', { initialCount: 2 ** 32 }, /^initialCount: not a whole number/],
    ['no patience', { patience: 0 }, /^patience: not a number of milliseconds$/],
    ['each of three', { server: '', wait: NaN, accounts: [] }, /^server: .*; wait: .*; accounts: /],
  ])('%s', async (_what, wrong, message) => {
    const options = { server: '127.0.0.1:1', accounts: ACCOUNTS, ...wrong } as CheckServerOptions;
    const error = await checkServer(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(message);
  });
});

describe('a server', () => {
  it.each([
    ['127.0.0.1:5222', { host: '127.0.0.1', port: 5222 }],
    ['[::1]:5222', { host: '::1', port: 5222 }],
    ['ws://127.0.0.1:5280/xmpp', { host: '127.0.0.1', port: 5280, webSocket: { tls: false, path: '/xmpp' } }],
    ['wss://xmpp.example/ws?a=b', { host: 'xmpp.example', port: 443, webSocket: { tls: true, path: '/ws?a=b' } }],
    ['WS://[::1]/', { host: '::1', port: 80, webSocket: { tls: false, path: '/' } }],
  ])('%s is read', (text, read) => {
    expect(parseServer(text)).toEqual(read);
  });

  it.each(['', 'localhost', '::1:5222', '[host]:1', 'host:65536', 'ws://', 'http://localhost/'])(
    '%j is not an address',
    (text) => {
      expect(parseServer(text)).toBeUndefined();
    },
  );
});

it('the id of a check, its subject or one of its clauses selects the check, and an unknown name is refused', () => {
  expect(checksNamed('resume-again').map(({ id }) => id)).toEqual(['resume-again']);
  expect(checksNamed('features').length).toBe(3);
  expect(checksNamed('R-17')).toEqual(checks.filter(({ clauses }) => clauses.includes('R-17')));
  expect(() => checksNamed('constructor')).toThrow(TypeError);
  expect(() => checksNamed('nope')).toThrow('name must be a subject, the id of a check or of a clause, not "nope"');
});
