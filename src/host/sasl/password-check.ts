import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Credentials, deriveCredentials, hmac } from './credentials.js';

/** Whether a prepared password is the one that `kept` was derived from. */
export type PasswordCheck = (user: string, password: string, kept: Credentials) => Promise<boolean>;

/**
 * A derivation costs milliseconds of a processor, in Node's thread pool. It is done for every password that is not the one that was
 * right before: clients that come back, all at once when a server starts anew, are known by a hash under a key that is
 * this process's own and never leaves its memory, one for each user.
 */
export const createPasswordCheck = (): PasswordCheck => {
  const key = randomBytes(32);
  const right = new Map<string, Buffer>();
  return async (user, password, kept) => {
    const hash = hmac('sha256', key, `${user}\0${password}`);
    const known = right.get(user);
    if (known !== undefined && timingSafeEqual(known, hash)) return true;
    const given = await deriveCredentials('sha256', password, kept.salt, kept.iterations);
    if (!timingSafeEqual(given.storedKey, kept.storedKey)) return false;
    right.set(user, hash);
    return true;
  };
};
