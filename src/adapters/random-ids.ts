/** SM-IDs of 192 random bits, from the platform's cryptographic source. */
import type { IdSource } from '../ports/index.js';

export const randomIds: IdSource = {
  smId() {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    return btoa(String.fromCharCode(...bytes))
      .replace(/[+]/g, '-')
      .replace(/[/]/g, '_');
  },
};
