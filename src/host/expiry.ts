/**
 * What becomes of a stanza that a session leaves over (A-12, M-2, M-3): each meets exactly one of these, once.
 *
 * - `return`: recipient-unavailable to the sender of a message or of an IQ request; never for errors, IQ results,
 *   presence, or what the user sent itself.
 * - `offline`: messages that are stored offline (chat and normal, but no chat states) are delivered as if they came now
 *   for the account; the rest as with `return`.
 * - `drop`: nothing.
 */
import type { Returned } from '../index.js';
import type { Element } from '../xml.js';
import { type Jid, parseJid } from './jid.js';
import { isChatState } from './message-content.js';

export type OnExpiry = 'return' | 'offline' | 'drop';

/** @param account whose session it was, if it was that of a user */
export const afterlife = (
  { kind, type }: Returned,
  stanza: Element,
  account: Jid | undefined,
  onExpiry: OnExpiry,
): 'bounce' | 'deliver' | 'drop' => {
  if (onExpiry === 'drop') return 'drop';
  const isStored = kind === 'message' && ['', 'normal', 'chat'].includes(type) && !isChatState(stanza);
  if (onExpiry === 'offline' && isStored) return 'deliver';
  const fromSelf = account !== undefined && isFrom(stanza, account);
  const isRequest = kind === 'iq' && (type === 'get' || type === 'set');
  const isMessage = kind === 'message' && type !== 'error';
  return (isRequest || isMessage) && !fromSelf ? 'bounce' : 'drop';
};

const isFrom = (stanza: Element, { local, domain }: Jid): boolean => {
  const from = parseJid(stanza.attrs.from ?? '');
  return from !== undefined && from.local === local && from.domain === domain;
};
