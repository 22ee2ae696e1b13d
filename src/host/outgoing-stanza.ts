/** A stanza in the form for `send` of a session: as text, with its kind, type and key. */
import { hasTag, type StanzaKind } from '../index.js';
import type { Clock, OutgoingStanza, RunningSession } from '../server.js';
import { type Element, print, stampDelay } from '../xml.js';
import { mayWait } from './importance.js';

/** The sender and the time: both go into a delay stamp. */
export interface Sender {
  readonly domain: string;
  readonly clock: Clock;
}

/**
 * A stanza that may wait does not wake an inactive client (XEP-0352). It gets a stamp with the present time, because
 * it is old when it arrives.
 *
 * @param key the common key of the copies of a message, if the stanza is a copy (see copies.ts)
 */
export const outgoingStanza = (
  stanza: Element,
  { state }: Pick<RunningSession, 'state'>,
  { domain, clock }: Sender,
  key?: string,
): OutgoingStanza => {
  const waits = state.session.link.inactive && !hasTag(state, 'uncounted') && mayWait(stanza);
  const xml = print(waits ? stampDelay(stanza, { from: domain, stamp: clock.now() }) : stanza);
  return {
    xml,
    bytes: Buffer.byteLength(xml),
    kind: kindOf(stanza),
    type: stanza.attrs.type ?? '',
    key,
    mayWait: waits,
  };
};

export const kindOf = (stanza: Element): StanzaKind => {
  const name = stanza.getName();
  return name === 'presence' || name === 'iq' ? name : 'message';
};
