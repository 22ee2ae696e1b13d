import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

/** The hashes of the SCRAM mechanisms that the host offers, in Node's spelling. */
export type ScramHash = 'sha1' | 'sha256';

/** The data that a server keeps in place of a password (RFC 5802 section 3). They can check a password, but a thief cannot use them to log in on another server. */
export interface Credentials {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

const derive = promisify(pbkdf2);

/**
 * Derives the keys of a prepared password. PBKDF2 runs in Node's thread pool, not on the event loop.
 * @param iterations at least 4096 (RFC 7677 section 4)
 */
export const deriveCredentials = async (
  hash: ScramHash,
  password: string,
  salt: Buffer,
  iterations: number,
): Promise<Credentials> => {
  const saltedPassword = await derive(password, salt, iterations, digestLength(hash), hash);
  return {
    salt,
    iterations,
    storedKey: digest(hash, hmac(hash, saltedPassword, 'Client Key')),
    serverKey: hmac(hash, saltedPassword, 'Server Key'),
  };
};

export const hmac = (hash: ScramHash, key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();

export const digest = (hash: ScramHash, bytes: Buffer): Buffer => createHash(hash).update(bytes).digest();

/** In bytes. */
export const digestLength = (hash: ScramHash): number => (hash === 'sha1' ? 20 : 32);
