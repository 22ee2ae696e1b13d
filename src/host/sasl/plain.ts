import { accountName } from '../accounts.js';
import { failure, mayActAs, type SaslContext, type Step } from './mechanism.js';
import { saslprep } from './saslprep.js';

/** PLAIN (RFC 4616): one message, `authzid NUL user NUL password`. Offer it over TLS only. */
export const plain =
  ({ accounts, domain }: SaslContext): Step =>
  async (message) => {
    const [authzid, user, secret, ...rest] = message.split('\0');
    if (authzid === undefined || !user || !secret || rest.length > 0) return failure('malformed-request');
    const username = accountName(user);
    const password = saslprep(secret);
    if (username === undefined || password === undefined) return failure('not-authorized');
    if (!(await accounts.proves(username, password))) return failure('not-authorized');
    if (!mayActAs(authzid, username, domain)) return failure('invalid-authzid');
    return { type: 'success', username };
  };
