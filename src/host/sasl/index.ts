import { randomBytes } from 'node:crypto';
import type { Accounts } from '../accounts.js';
import { decodeSaslMessage, encodeSaslMessage } from './base64.js';
import type { SaslCondition, SaslContext, Step } from './mechanism.js';
import { plain } from './plain.js';
import { scram } from './scram.js';

export type { SaslCondition } from './mechanism.js';

const MECHANISMS: Readonly<Record<string, (context: SaslContext) => Step>> = {
  'SCRAM-SHA-256': (context) => scram('sha256', context),
  'SCRAM-SHA-1': (context) => scram('sha1', context),
  PLAIN: plain,
};

/** What to send back. `data` is base64: the text of `<challenge/>` or `<success/>`. */
export type SaslAnswer =
  | { readonly type: 'challenge'; readonly data: string }
  | { readonly type: 'success'; readonly data?: string; readonly username: string }
  | { readonly type: 'failure'; readonly condition: SaslCondition };

/** One exchange, from `<auth/>` to `<success/>` or `<failure/>`. */
export interface SaslExchange {
  /**
   * Takes the text of `<auth/>`, then of each `<response/>`, one at a time: wait for the answer before the next.
   * After success or failure, it answers `malformed-request`. It answers an empty `<auth/>` with an empty challenge.
   */
  step(text: string): Promise<SaslAnswer>;
  /** The answer to `<abort/>`; the exchange is over. */
  abort(): SaslAnswer;
}

export interface SaslOptions {
  readonly accounts: Accounts;
  /** The domain of the accounts. */
  readonly domain: string;
  /** Server nonces for SCRAM: printable ASCII without commas. 144 random bits each by default. */
  readonly nonce?: () => string;
}

/**
 * The mechanisms to offer, best first (RFC 6120 section 6.3.3). @param secure whether the stream runs over TLS: PLAIN
 * needs TLS
 */
export const mechanismsFor = (secure: boolean): readonly string[] =>
  Object.keys(MECHANISMS).filter((name) => secure || name !== 'PLAIN');

/**
 * Starts an exchange. It does not look at the transport: the caller refuses mechanisms that `mechanismsFor` did not offer.
 * @returns undefined for a mechanism that does not exist: answer `invalid-mechanism`
 */
export const startSasl = (mechanism: string, options: SaslOptions): SaslExchange | undefined => {
  const start = Object.hasOwn(MECHANISMS, mechanism) ? MECHANISMS[mechanism] : undefined;
  if (start === undefined) return undefined;
  let next: Step | undefined = start({ nonce: () => randomBytes(18).toString('base64'), ...options });
  let begun = false;
  let aborted = false;

  return {
    async step(text) {
      const first = !begun && !aborted;
      begun = true;
      // There is no initial response: an empty challenge requests it (RFC 4422 section 5, both mechanisms are client-first).
      if (first && text === '') return { type: 'challenge', data: '' };
      const current = next;
      next = undefined;
      if (current === undefined) return fail('malformed-request');
      const message = decodeText(text);
      if (message === undefined) return fail('incorrect-encoding');

      const outcome = await current(message);
      if (aborted) return fail('aborted');
      if (outcome.type === 'failure') return outcome;
      if (outcome.type === 'challenge') {
        next = outcome.next;
        return { type: 'challenge', data: encodeSaslMessage(outcome.data) };
      }
      const { username, data } = outcome;
      return { type: 'success', username, ...(data !== undefined && { data: encodeSaslMessage(data) }) };
    },
    abort() {
      next = undefined;
      aborted = true;
      return fail('aborted');
    },
  };
};

const fail = (condition: SaslCondition): SaslAnswer => ({ type: 'failure', condition });

/** @returns undefined when it is not UTF-8 in base64 */
const decodeText = (text: string): string | undefined => {
  const bytes = decodeSaslMessage(text);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
