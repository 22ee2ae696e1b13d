/** The client's side of PLAIN and SCRAM (RFC 5802, RFC 7677), without channel binding. */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface SaslClient {
  readonly mechanism: string;
  /** The initial response, in base64. */
  readonly initial: string;
  /** Answers a challenge; both are base64. @returns rejects with one line that names the fault of the challenge */
  respond(challenge: string): Promise<string>;
  /** Whether the server has proved that it knows the password. @param outcome the data of `<success/>`, in base64 */
  verify(outcome: string): boolean;
}

/**
 * @param plain whether PLAIN is allowed
 * @param cheap choose the mechanism that costs least to compute, not the strongest
 * @returns undefined when the client can use no offered mechanism
 */
export const chooseMechanism = (offered: readonly string[], plain: boolean, cheap: boolean): string | undefined => {
  const best = ['SCRAM-SHA-256', 'SCRAM-SHA-1', ...(plain ? ['PLAIN'] : [])];
  return (cheap ? best.reverse() : best).find((mechanism) => offered.includes(mechanism));
};

export const startSasl = (mechanism: string, { user, password }: Credentials): SaslClient => {
  if (mechanism !== 'PLAIN')
    return startScram(mechanism, mechanism === 'SCRAM-SHA-1' ? 'sha1' : 'sha256', user, password);
  return {
    mechanism,
    initial: encode(`\0${user}\0${password}`),
    respond: async () => '',
    verify: () => true,
  };
};

const startScram = (mechanism: string, hash: string, user: string, password: string): SaslClient => {
  const nonce = randomBytes(18).toString('base64');
  const bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  let signature: Buffer | undefined;
  return {
    mechanism,
    initial: encode(`n,,${bare}`),
    async respond(challenge) {
      const first = decode(challenge);
      const { r = '', s = '', i = '' } = fieldsOf(first);
      if (!r.startsWith(nonce) || s === '' || !(Number(i) > 0)) throw new Error('the SCRAM challenge makes no sense');
      const salted = await saltedPassword(hash, password, s, Number(i));
      const clientKey = hmac(hash, salted, 'Client Key');
      const storedKey = createHash(hash).update(clientKey).digest();
      const final = `c=${encode('n,,')},r=${r}`;
      const message = `${bare},${first},${final}`;
      const proof = hmac(hash, storedKey, message).map((byte, index) => byte ^ (clientKey[index] ?? 0));
      signature = hmac(hash, hmac(hash, salted, 'Server Key'), message);
      return encode(`${final},p=${Buffer.from(proof).toString('base64')}`);
    },
    verify(outcome) {
      const shown = Buffer.from(fieldsOf(decode(outcome)).v ?? '', 'base64');
      return signature !== undefined && shown.length === signature.length && timingSafeEqual(shown, signature);
    },
  };
};

/** Computes each salted password once: a run makes hundreds of logins with few passwords. */
const saltedPassword = (hash: string, password: string, salt: string, iterations: number): Promise<Buffer> => {
  const key = [hash, password, salt, iterations].join('\0');
  const known = salted.get(key);
  if (known !== undefined) return known;
  const length = hash === 'sha1' ? 20 : 32;
  const computed = promisify(pbkdf2)(password.normalize('NFKC'), Buffer.from(salt, 'base64'), iterations, length, hash);
  salted.set(key, computed);
  return computed;
};

const salted = new Map<string, Promise<Buffer>>();

const hmac = (hash: string, key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();

const fieldsOf = (message: string): Readonly<Record<string, string>> =>
  Object.fromEntries(message.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));

const encode = (text: string): string => Buffer.from(text).toString('base64');

const decode = (text: string): string => Buffer.from(text, 'base64').toString();
