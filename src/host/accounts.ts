import { randomBytes } from 'node:crypto';
import { parseJid } from './jid.js';
import { type Credentials, deriveCredentials, digestLength, hmac, type ScramHash } from './sasl/credentials.js';
import { createPasswordCheck } from './sasl/password-check.js';
import { saslprep } from './sasl/saslprep.js';

/** The accounts that may log in. `user` is the local part of a JID. */
/** A user who may log in. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

export interface Accounts {
  /** @param user the local part of a JID, prepared by SASLprep */
  has(user: string): boolean;
  /**
   * The keys of a user. For an unknown user the host makes keys, the same each time, which fit no password. So a
   * client cannot find out whether the user exists.
   */
  credentials(user: string, hash: ScramHash): Credentials;
  /**
   * @param password prepared by SASLprep
   * @returns rejects when the password cannot be checked now: the client gets `temporary-auth-failure`
   */
  proves(user: string, password: string): Promise<boolean>;
}

/** RFC 7677 section 4: at least 4096. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;

/**
 * Keeps accounts in memory, as SCRAM keys; the passwords themselves are not kept.
 * @param options.iterations of PBKDF2, 4096 by default: more iterations are safer, and make each PLAIN login slower
 * @returns rejects with RangeError when a user name or password has characters that RFC 7622 or SASLprep forbid
 */
export const createAccounts = async (
  list: Iterable<Account>,
  { iterations = ITERATIONS }: { readonly iterations?: number | undefined } = {},
): Promise<Accounts> => {
  const accounts = new Map<string, Record<ScramHash, Credentials>>();
  for (const { user, password } of list) {
    const name = accountName(user);
    const prepared = saslprep(password);
    if (name === undefined) throw new RangeError(`not a user name: ${JSON.stringify(user)}`);
    if (prepared === undefined) throw new RangeError(`the password of ${name} is empty or has prohibited characters`);
    const keys = (hash: ScramHash) => deriveCredentials(hash, prepared, randomBytes(SALT_BYTES), iterations);
    const [sha1, sha256] = await Promise.all([keys('sha1'), keys('sha256')]);
    accounts.set(name, { sha1, sha256 });
  }
  const secret = randomBytes(32);
  const check = createPasswordCheck();
  const credentials = (user: string, hash: ScramHash): Credentials => {
    // The host makes these keys for known users too, so that both answers take the same time.
    const madeUp = madeUpCredentials(secret, user, hash, iterations);
    return accounts.get(user)?.[hash] ?? madeUp;
  };
  return {
    has: (user) => accounts.has(user),
    credentials,
    proves: (user, password) => check(user, password, credentials(user, 'sha256')),
  };
};

/** The local part for a SASL user name; undefined when the name is not valid. */
export const accountName = (user: string): string | undefined => {
  const prepared = saslprep(user);
  return prepared === undefined ? undefined : parseJid(`${prepared}@localhost`)?.local;
};

const madeUpCredentials = (secret: Buffer, user: string, hash: ScramHash, iterations: number): Credentials => {
  // The client gets only the salt: no proof fits the keys, so the host sends no signature.
  const key = hmac('sha256', secret, `key ${hash} ${user}`).subarray(0, digestLength(hash));
  const salt = hmac('sha256', secret, `salt ${hash} ${user}`).subarray(0, SALT_BYTES);
  return { salt, iterations, storedKey: key, serverKey: key };
};
