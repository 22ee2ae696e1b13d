import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Credentials, deriveCredentials, hmac } from './credentials.js';

/** Whether `kept` was derived from this prepared password. */
export type PasswordCheck = (user: string, password: string, kept: Credentials) => Promise<boolean>;

/**
 * A derivation costs milliseconds of processor time, in Node's thread pool. The check derives only when the password differs from
 * the last right password of the user: so many clients that reconnect at the same time cost little. For this, it
 * keeps one hash for each user, under a key that this process makes and keeps only in memory.
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
