/** The client's side of SASL, as little as two servers need. */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

export interface SaslClient {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-1';
  readonly first: string;
  /** @returns the answer to a challenge */
  answer(challenge: string): string;
  /** @throws Error when the server has not shown that it knows the password */
  check(success: string): void;
}

/** RFC 4616. */
export const plain = (user: string, password: string): SaslClient => ({
  mechanism: 'PLAIN',
  first: `\0${user}\0${password}`,
  answer: () => {
    throw new Error('PLAIN has no challenge');
  },
  check: () => {},
});

/** RFC 5802, for user names without commas and equals signs. */
export const scram = (user: string, password: string): SaslClient => {
  const bare = `n=${user},r=${randomBytes(18).toString('base64')}`;
  let signature = Buffer.alloc(0);
  return {
    mechanism: 'SCRAM-SHA-1',
    first: `n,,${bare}`,
    answer(challenge) {
      const [, nonce = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)/.exec(challenge) ?? [];
      const salted = saltedPassword(password, salt, Number(iterations));
      const clientKey = hmac(salted, 'Client Key');
      const withoutProof = `c=biws,r=${nonce}`;
      const authMessage = `${bare},${challenge},${withoutProof}`;
      const stored = createHash('sha1').update(clientKey).digest();
      const mask = hmac(stored, authMessage);
      signature = hmac(hmac(salted, 'Server Key'), authMessage);
      const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (mask[index] ?? 0)));
      return `${withoutProof},p=${proof.toString('base64')}`;
    },
    check(success) {
      const shown = Buffer.from(/^v=([^,]+)/.exec(success)?.[1] ?? '', 'base64');
      if (shown.length !== signature.length || !timingSafeEqual(shown, signature))
        throw new Error('the server does not know the password');
    },
  };
};

/** Remembered, as RFC 5802 section 3 allows: it is what costs, and a client logs in again and again. */
const saltedPassword = (password: string, salt: string, iterations: number): Buffer => {
  const name = `${iterations} ${salt} ${password}`;
  const salted = known.get(name) ?? pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, 20, 'sha1');
  known.set(name, salted);
  return salted;
};

const known = new Map<string, Buffer>();

const hmac = (key: Buffer, text: string): Buffer<ArrayBuffer> => createHmac('sha1', key).update(text).digest();
