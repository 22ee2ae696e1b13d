import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Accounts, createAccounts } from '../../src/host/accounts.js';
import { deriveCredentials, type ScramHash } from '../../src/host/sasl/credentials.js';
import { mechanismsFor, type SaslAnswer, type SaslExchange, startSasl } from '../../src/host/sasl/index.js';
import { saslprep } from '../../src/host/sasl/saslprep.js';

const accounts = await createAccounts([
  { user: 'juliet', password: 'r0m30' },
  { user: 'odd,na=me', password: 'pass' },
]);
const NOT_AUTHORIZED: SaslAnswer = { type: 'failure', condition: 'not-authorized' };
const MALFORMED: SaslAnswer = { type: 'failure', condition: 'malformed-request' };

const start = (mechanism: string, from: Accounts = accounts, nonce?: string): SaslExchange => {
  const exchange = startSasl(mechanism, {
    accounts: from,
    domain: 'capulet.lit',
    ...(nonce && { nonce: () => nonce }),
  });
  if (exchange === undefined) throw new Error(`no ${mechanism}`);
  return exchange;
};

const encode = (text: string): string => Buffer.from(text).toString('base64');
const dataOf = (answer: SaslAnswer): string =>
  'data' in answer ? Buffer.from(answer.data ?? '', 'base64').toString() : `no data in ${answer.type}`;

const plain = (text: string): Promise<SaslAnswer> => start('PLAIN').step(encode(text));

/** A SCRAM client, written apart from the server side. */
const scram = async (
  exchange: SaslExchange,
  hash: ScramHash,
  user: string,
  password: string,
  { gs2 = 'n,,', spoil = (final: string) => final } = {},
): Promise<SaslAnswer> => {
  const bare = `n=${user},r=fyko+d2lbbFgONRv9qkxdawL`;
  const challenge = dataOf(await exchange.step(encode(gs2 + bare)));
  const [, nonce, salt = '', iterations] = /^r=(.*),s=(.*),i=(\d+)$/.exec(challenge) ?? [];
  const bytes = hash === 'sha1' ? 20 : 32;
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), bytes, hash);
  const clientKey = createHmac(hash, salted).update('Client Key').digest();
  const withoutProof = `c=${encode(gs2)},r=${nonce}`;
  const signature = createHmac(hash, createHash(hash).update(clientKey).digest())
    .update(`${bare},${challenge},${withoutProof}`)
    .digest();
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0))).toString('base64');
  return exchange.step(encode(spoil(`${withoutProof},p=${proof}`)));
};

const vectorAccounts = async (hash: ScramHash, salt: string): Promise<Accounts> => {
  const credentials = await deriveCredentials(hash, 'pencil', Buffer.from(salt, 'base64'), 4096);
  return { has: () => true, credentials: () => credentials, proves: async () => false };
};

describe('SASL PLAIN (RFC 4616)', () => {
  it('accepts the right password', async () => {
    expect(await plain('\0juliet\0r0m30')).toEqual({ type: 'success', username: 'juliet' });
  });

  it('gives the same answer to a wrong password and to an unknown user', async () => {
    expect(await plain('\0juliet\0wrong')).toEqual(NOT_AUTHORIZED);
    expect(await plain('\0nobody\0r0m30')).toEqual(NOT_AUTHORIZED);
  });

  it('accepts again, without new keys, only the password that was right before', async () => {
    const attempts = ['r0m30', 'r0m30', 'wrong', 'r0m30'];
    const answers = [];
    for (const password of attempts) answers.push((await plain(`\0juliet\0${password}`)).type);
    expect(answers).toEqual(['success', 'success', 'failure', 'success']);
    expect(await plain('\0nurse\0r0m30')).toEqual(NOT_AUTHORIZED);
  });

  it('accepts an authorization identity only when it is the account itself', async () => {
    expect(await plain('juliet@capulet.lit\0juliet\0r0m30')).toMatchObject({ type: 'success' });
    expect(await plain('nurse@capulet.lit\0juliet\0r0m30')).toEqual({ type: 'failure', condition: 'invalid-authzid' });
  });

  it('does not show which accounts exist before the password is right', async () => {
    expect(await plain('nurse@capulet.lit\0juliet\0wrong')).toEqual(NOT_AUTHORIZED);
  });

  it.each(['', 'juliet', '\0juliet', '\0\0r0m30', '\0juliet\0', '\0juliet\0r0m30\0more'])(
    'calls %j malformed',
    async (text) => {
      expect(await start('PLAIN').step(text === '' ? '=' : encode(text))).toEqual(MALFORMED);
    },
  );

  it('sends an empty challenge when <auth/> has no message (RFC 6120 section 6.4.2)', async () => {
    const exchange = start('PLAIN');
    expect(await exchange.step('')).toEqual({ type: 'challenge', data: '' });
    expect(await exchange.step(encode('\0juliet\0r0m30'))).toMatchObject({ type: 'success' });
  });
});

describe('SASL SCRAM', () => {
  it('gives the answers in the example of RFC 5802 section 5', async () => {
    const exchange = start('SCRAM-SHA-1', await vectorAccounts('sha1', 'QSXCR+Q6sek8bf92'), '3rfcNHYJY1ZVvWVs7j');
    const challenge = await exchange.step(encode('n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL'));
    expect(dataOf(challenge)).toBe('r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096');
    const answer = await exchange.step(
      encode('c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts='),
    );
    expect(answer).toMatchObject({ type: 'success', username: 'user' });
    expect(dataOf(answer)).toBe('v=rmF9pqV8S7suAoZWja4dJRkFsKQ=');
  });

  it('gives the answers in the example of RFC 7677 section 3', async () => {
    const nonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const exchange = start('SCRAM-SHA-256', await vectorAccounts('sha256', 'W22ZaJ0SNY7soEsUEjb6gQ=='), nonce);
    const challenge = await exchange.step(encode('n,,n=user,r=rOprNGfwEbeRWgbNEkqO'));
    expect(dataOf(challenge)).toBe(`r=rOprNGfwEbeRWgbNEkqO${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
    const answer = await exchange.step(
      encode(`c=biws,r=rOprNGfwEbeRWgbNEkqO${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`),
    );
    expect(dataOf(answer)).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  });

  describe.each([
    ['SCRAM-SHA-1', 'sha1'],
    ['SCRAM-SHA-256', 'sha256'],
  ] as const)('%s', (mechanism, hash) => {
    it('accepts the right password', async () => {
      expect(await scram(start(mechanism), hash, 'juliet', 'r0m30')).toMatchObject({ type: 'success' });
    });

    it('gives the same answer to a wrong password and to an unknown user', async () => {
      expect(await scram(start(mechanism), hash, 'juliet', 'wrong')).toEqual(NOT_AUTHORIZED);
      expect(await scram(start(mechanism), hash, 'nobody', 'r0m30')).toEqual(NOT_AUTHORIZED);
    });
  });

  it('shows an unknown user the same salt each time, as a known one', async () => {
    const saltOf = async (user: string): Promise<string | undefined> =>
      dataOf(await start('SCRAM-SHA-256').step(encode(`n,,n=${user},r=abc`))).split(',')[1];
    expect(await saltOf('nobody')).toBe(await saltOf('nobody'));
    expect(await saltOf('nobody')).not.toBe(await saltOf('somebody'));
    expect((await saltOf('nobody'))?.length).toBe((await saltOf('juliet'))?.length);
  });

  it('ignores upper and lower case in user names', async () => {
    const answer = await scram(start('SCRAM-SHA-1'), 'sha1', 'JULIET', 'r0m30');
    expect(answer).toMatchObject({ type: 'success', username: 'juliet' });
  });

  it('accepts a client that says that the server does not support channel binding (y)', async () => {
    const answer = await scram(start('SCRAM-SHA-1'), 'sha1', 'juliet', 'r0m30', { gs2: 'y,,' });
    expect(answer).toMatchObject({ type: 'success' });
  });

  it.each([
    'p=tls-unique,,n=juliet,r=abc',
    'n,,m=1,n=juliet,r=abc',
    'n,,n=jul=iet,r=abc',
    'n,,n=,r=abc',
    'n,,n=juliet,r=',
    'x',
  ])('refuses %j as malformed', async (text) => {
    expect(await start('SCRAM-SHA-1').step(encode(text))).toEqual(MALFORMED);
  });

  it('refuses a final message whose gs2 header differs from that of the first message', async () => {
    const spoil = (final: string): string => final.replace('c=biws', `c=${encode('y,,')}`);
    expect(await scram(start('SCRAM-SHA-1'), 'sha1', 'juliet', 'r0m30', { spoil })).toEqual(NOT_AUTHORIZED);
  });

  it('refuses the answer to an earlier challenge', async () => {
    let recorded = '';
    const spoil = (final: string): string => {
      recorded = final;
      return final;
    };
    await scram(start('SCRAM-SHA-1'), 'sha1', 'juliet', 'r0m30', { spoil });
    const replayed = await scram(start('SCRAM-SHA-1'), 'sha1', 'juliet', 'r0m30', { spoil: () => recorded });
    expect(replayed).toEqual(NOT_AUTHORIZED);
  });

  it('refuses a proof of the wrong length as malformed', async () => {
    const spoil = (final: string): string => final.replace(/p=.*/, 'p=AAAA');
    expect(await scram(start('SCRAM-SHA-1'), 'sha1', 'juliet', 'r0m30', { spoil })).toEqual(MALFORMED);
  });
});

describe('SASL exchanges', () => {
  it.each(['not base64!', 'AGp1bGlldAByMG0zMA', 'AGp1bGlldAByMG0zMB==', ' AAAA', 'A'.repeat(8196), '/+8='])(
    'refuses %.20j as badly encoded',
    async (text) => {
      expect(await start('PLAIN').step(text)).toEqual({ type: 'failure', condition: 'incorrect-encoding' });
    },
  );

  it('end after a failure', async () => {
    const exchange = start('PLAIN');
    await exchange.step(encode('\0juliet\0wrong'));
    expect(await exchange.step(encode('\0juliet\0r0m30'))).toEqual(MALFORMED);
  });

  it('end after <abort/>', async () => {
    const exchange = start('PLAIN');
    expect(exchange.abort()).toEqual({ type: 'failure', condition: 'aborted' });
    expect(await exchange.step(encode('\0juliet\0r0m30'))).toEqual(MALFORMED);
  });

  it('do not begin with an unknown mechanism, also when its name is a property of every object', () => {
    for (const name of ['DIGEST-MD5', 'constructor', '']) {
      expect(startSasl(name, { accounts, domain: 'capulet.lit' })).toBeUndefined();
    }
  });

  it('offer PLAIN over TLS only, and last', () => {
    expect(mechanismsFor(true)).toEqual(['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN']);
    expect(mechanismsFor(false)).toEqual(['SCRAM-SHA-256', 'SCRAM-SHA-1']);
  });
});

describe('SASLprep (RFC 4013)', () => {
  it('gives the results of the examples in section 3', () => {
    expect(saslprep('I\u00ADX')).toBe('IX');
    expect(saslprep('USER')).toBe('USER');
    expect(saslprep('\u00AA')).toBe('a');
    expect(saslprep('\u2168')).toBe('IX');
    expect(saslprep('\u0007')).toBeUndefined();
  });

  it('maps other spaces to U+0020', () => {
    expect(saslprep('a\u3000b')).toBe('a b');
  });
});

describe('accounts', () => {
  it('refuse a user name that no JID can have and a password SASLprep forbids', async () => {
    await expect(createAccounts([{ user: 'a@b', password: 'x' }])).rejects.toThrow(RangeError);
    await expect(createAccounts([{ user: 'a', password: '\u0007' }])).rejects.toThrow(RangeError);
  });
});
