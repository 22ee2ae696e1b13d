import type { Accounts } from '../accounts.js';

/** The conditions of RFC 6120 section 6.5 that these mechanisms use. */
export type SaslCondition =
  | 'aborted'
  | 'incorrect-encoding'
  | 'invalid-authzid'
  | 'invalid-mechanism'
  | 'malformed-request'
  | 'not-authorized'
  | 'temporary-auth-failure';

/** The data for a mechanism. */
export interface SaslContext {
  readonly accounts: Accounts;
  /** The domain of this host's accounts, for an authorization identity written as a JID. */
  readonly domain: string;
  /** The server's part of a SCRAM nonce: printable ASCII without a comma, fresh each time. */
  readonly nonce: () => string;
}

/** The answer of a mechanism to one decoded message; `next` handles the answer to a challenge. */
export type Outcome =
  | { readonly type: 'challenge'; readonly data: string; readonly next: Step }
  | { readonly type: 'success'; readonly data?: string; readonly username: string }
  | { readonly type: 'failure'; readonly condition: SaslCondition };

export type Step = (message: string) => Promise<Outcome>;

export const failure = (condition: SaslCondition): Outcome => ({ type: 'failure', condition });

/** An authorization identity is empty or names the account itself: on this host no user may act for another user. */
export const mayActAs = (authzid: string, username: string, domain: string): boolean =>
  authzid === '' || authzid === username || authzid === `${username}@${domain}`;
