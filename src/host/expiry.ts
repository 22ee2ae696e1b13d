/**
 * The policies for a stanza that a session returns (A-12, M-2, M-3). Each stanza is treated once, by one of them:
 *
 * - `return`: the sender of a message or of an IQ request gets `recipient-unavailable`. Errors, IQ results, presence,
 *   headlines for the account, and stanzas of the user's own are dropped.
 * - `offline`: chat and normal messages are delivered to the account as if they came now, except chat states and messages with a
 *   hint against storing. The rest is treated as with `return`.
 * - `drop`: everything is dropped.
 */
import type { Returned } from '../index.js';
import type { Element } from '../xml.js';
import { type Jid, parseJid } from './jid.js';
import { forbidsStoring, isChatState } from './message-content.js';

export type OnExpiry = 'return' | 'offline' | 'drop';

/** `deliver`: to the account; `bounce`: to the sender, as an error. */
export type Outcome = 'deliver' | 'bounce' | 'drop';

/** @param account the user whose session returned the stanza; undefined for a session between servers */
export const outcomeOf = (
  { kind, type }: Returned,
  stanza: Element,
  account: Jid | undefined,
  onExpiry: OnExpiry,
): Outcome => {
  if (onExpiry === 'drop') return 'drop';
  const isStored =
    kind === 'message' && ['', 'normal', 'chat'].includes(type) && !isChatState(stanza) && !forbidsStoring(stanza);
  if (onExpiry === 'offline' && isStored) return 'deliver';
  const fromSelf = account !== undefined && isFrom(stanza, account);
  const isRequest = kind === 'iq' && (type === 'get' || type === 'set');
  const isMessage = kind === 'message' && type !== 'error' && !(type === 'headline' && isForAccount(stanza, account));
  return (isRequest || isMessage) && !fromSelf ? 'bounce' : 'drop';
};

/** RFC 6121 section 8.5.2.2: a headline for a bare JID that reaches no resource is dropped without an error. */
const isForAccount = ({ attrs: { to = '' } }: Element, account: Jid | undefined): boolean =>
  account !== undefined && !to.includes('/');

const isFrom = (stanza: Element, { local, domain }: Jid): boolean => {
  const from = parseJid(stanza.attrs.from ?? '');
  return from !== undefined && from.local === local && from.domain === domain;
};
