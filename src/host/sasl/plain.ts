import { timingSafeEqual } from 'node:crypto';
import { accountName } from '../accounts.js';
import { deriveCredentials } from './credentials.js';
import { failure, mayActAs, type SaslContext, type Step } from './mechanism.js';
import { saslprep } from './saslprep.js';

/** PLAIN (RFC 4616): one message, `authzid NUL user NUL password`. Offer it over TLS only. */
export function plain({ accounts, domain }: SaslContext): Step {
  return async (message) => {
    const [authzid, user, secret, ...rest] = message.split('\0');
    if (authzid === undefined || !user || !secret || rest.length > 0) return failure('malformed-request');
    const username = accountName(user);
    const password = saslprep(secret);
    if (username === undefined || password === undefined) return failure('not-authorized');
    const kept = accounts.credentials(username, 'sha256');
    const given = await deriveCredentials('sha256', password, kept.salt, kept.iterations);
    if (!timingSafeEqual(given.storedKey, kept.storedKey)) return failure('not-authorized');
    if (!mayActAs(authzid, username, domain)) return failure('invalid-authzid');
    return { type: 'success', username };
  };
}
