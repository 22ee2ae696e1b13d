/** A stanza as it goes into a session: as text, with what a session wants to know of it. */
import { hasTag, type StanzaKind } from '../index.js';
import type { Clock } from '../ports/index.js';
import type { OutgoingStanza, RunningSession } from '../session/running-session.js';
import { type Element, print, stampDelay } from '../xml.js';
import { mayWait } from './importance.js';

/** Who sends, and when: both go into a delay stamp. */
export interface Sender {
  readonly domain: string;
  readonly clock: Clock;
}

/**
 * An inactive client is not woken for a stanza that may wait (XEP-0352); such a stanza bears the present time, because it is
 * old when it arrives.
 *
 * @param key what the copies of one message have in common, if the stanza is such a copy (see copies.ts)
 */
export const outgoingStanza = (
  stanza: Element,
  { state }: Pick<RunningSession, 'state'>,
  { domain, clock }: Sender,
  key?: string,
): OutgoingStanza => {
  const waits = state.session.link.inactive && !hasTag(state, 'uncounted') && mayWait(stanza);
  return {
    xml: print(waits ? stampDelay(stanza, { from: domain, stamp: clock.now() }) : stanza),
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
