import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { left } from 'fp-ts/lib/Either.js';
import { afterAll, expect, it } from 'vitest';
import { readTlsFiles } from '../../src/cli/host/tls-files.js';
import { identity } from '../support/tls-identity.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'smacks-tls-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, content: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
const passphrase = { cipher: 'aes-256-cbc', passphrase: 'secret' };

const cert = written('cert.pem', identity.cert);
const key = written('key.pem', identity.key);
const both = written('both.pem', Buffer.concat([Buffer.from(identity.key), Buffer.from(identity.cert)]));
const text = written('text', 'O Romeo, Romeo! wherefore art thou Romeo?');
const foreign = written('foreign.pem', privateKey.export(pkcs8));
const encrypted = written('encrypted.pem', privateKey.export({ ...pkcs8, ...passphrase }));
const encryptedSec1 = written('sec1.pem', privateKey.export({ type: 'sec1', format: 'pem', ...passphrase }));
const missing = join(folder, 'missing.pem');
const weak = written('weak.pem', readFileSync(new URL('../support/weak-identity.pem', import.meta.url)));

it.each([
  ['a certificate and its private key', cert, key],
  ['one file that holds both', both, both],
])('accepts %s', async (_what, first, second) => {
  const pem = { cert: readFileSync(first), key: readFileSync(second) };
  expect(await readTlsFiles({ cert: first, key: second })).toEqual({ _tag: 'Right', right: pem });
});

it.each<[string, string, string, readonly string[]]>([
  ['a file is not there', missing, key, [`${missing}: no such file or directory`]],
  [
    'two files are not there',
    missing,
    `${missing}2`,
    [`${missing}: no such file or directory`, `${missing}2: no such file or directory`],
  ],
  ['a file is a folder', folder, key, [`${folder}: illegal operation on a directory`]],
  [
    'no file holds PEM',
    text,
    text,
    [`${text}: not a certificate in PEM form`, `${text}: not a private key in PEM form`],
  ],
  [
    'the two are swapped',
    key,
    cert,
    [`${key},${cert}: the certificate and the private key are swapped: write ${cert},${key}`],
  ],
  ['the certificate is given twice', cert, cert, [`${cert}: not a private key in PEM form`]],
  ['the private key is given twice', key, key, [`${key}: not a certificate in PEM form`]],
  [
    'the private key is another one',
    cert,
    foreign,
    [`${cert},${foreign}: the private key does not belong to the certificate`],
  ],
  ['the private key is encrypted', cert, encrypted, [`${encrypted}: the private key is encrypted`]],
  ['an old form of it is encrypted', cert, encryptedSec1, [`${encryptedSec1}: the private key is encrypted`]],
  [
    'the private key is too weak',
    weak,
    weak,
    [`${weak},${weak}: TLS refuses the certificate or the private key: ee key too small`],
  ],
])('says so when %s', async (_what, first, second, lines) => {
  expect(await readTlsFiles({ cert: first, key: second })).toEqual(left(lines.map((line) => `--tls ${line}`)));
});
