/**
 * What becomes of a stanza that a session leaves over (A-12, M-2, M-3): each meets exactly one of these, once.
 *
 * - `return`: recipient-unavailable to the sender of a message or of an IQ request; never for errors, IQ results,
 *   presence, or what the user sent itself.
 * - `offline`: messages that are stored offline (chat and normal) are delivered as if they came now for the account;
 *   the rest as with `return`.
 * - `drop`: nothing.
 */
import type { Returned } from '../index.js';

export type OnExpiry = 'return' | 'offline' | 'drop';

/** @param fromSelf the stanza's sender is the account it was for */
export const afterlife = (
  { kind, type }: Returned,
  fromSelf: boolean,
  onExpiry: OnExpiry,
): 'bounce' | 'deliver' | 'drop' => {
  if (onExpiry === 'drop') return 'drop';
  if (onExpiry === 'offline' && kind === 'message' && ['', 'normal', 'chat'].includes(type)) return 'deliver';
  const isRequest = kind === 'iq' && (type === 'get' || type === 'set');
  const isMessage = kind === 'message' && type !== 'error';
  return (isRequest || isMessage) && !fromSelf ? 'bounce' : 'drop';
};
