/** SM-IDs of 192 random bits, from the platform's cryptographic source. */
import type { IdSource } from '../ports/index.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export const randomIds: IdSource = {
  /** 32 letters of six bits each. `join` makes one flat string, which takes less memory: a session keeps it for its whole life. */
  smId: () => Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => LETTERS[byte & 63]).join(''),
};
