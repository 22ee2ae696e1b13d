/** SCRAM-SHA-1 (RFC 5802) as a client that has logged in before: it keeps the keys as long as the salt stays the same. */
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { PASSWORD } from '../../interop/peers/peer.js';
import type { Link } from './link.js';

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';

/** @returns rejects when the server does not prove that it knows the user */
export const scram = async (link: Link, domain: string, user: string): Promise<void> => {
  const nonce = randomBytes(18).toString('base64');
  const bare = `n=${user},r=${nonce}`;
  link.write(`<auth xmlns='${SASL}' mechanism='SCRAM-SHA-1'>${encoded(`n,,${bare}`)}</auth>`);
  const serverFirst = decoded((await link.until(/<challenge [^>]*>([^<]+)<\/challenge>/))[1]);
  const [, full = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)/.exec(serverFirst) ?? [];
  const { client, stored, server } = await keysFor(`${user}@${domain}`, salt, Number(iterations));
  const withoutProof = `c=biws,r=${full}`;
  const authMessage = `${bare},${serverFirst},${withoutProof}`;
  const signature = hmac(stored, authMessage);
  const proof = Buffer.from(client.map((byte, index) => byte ^ (signature[index] ?? 0))).toString('base64');
  link.write(`<response xmlns='${SASL}'>${encoded(`${withoutProof},p=${proof}`)}</response>`);
  const [, serverFinal] = await link.until(/<success [^>]*>([^<]*)<\/success>/);
  if (decoded(serverFinal) !== `v=${hmac(server, authMessage).toString('base64')}`)
    throw new Error(`${domain} does not know ${user}`);
};

interface Keys {
  readonly salt: string;
  readonly iterations: number;
  readonly client: Buffer;
  readonly stored: Buffer;
  readonly server: Buffer;
}

const known = new Map<string, Keys>();

const keysFor = async (name: string, salt: string, iterations: number): Promise<Keys> => {
  const before = known.get(name);
  if (before?.salt === salt && before.iterations === iterations) return before;
  const salted = await derive(PASSWORD, Buffer.from(salt, 'base64'), iterations, 20, 'sha1');
  const client = hmac(salted, 'Client Key');
  const stored = createHash('sha1').update(client).digest();
  const keys = { salt, iterations, client, stored, server: hmac(salted, 'Server Key') };
  known.set(name, keys);
  return keys;
};

const derive = promisify(pbkdf2);
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha1', key).update(text).digest();
const encoded = (text: string): string => Buffer.from(text).toString('base64');
const decoded = (text = ''): string => Buffer.from(text, 'base64').toString();
