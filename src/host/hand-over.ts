/** A stanza on its way into a session: as text, and held back when nobody looks at what the client has. */

import { hasTag, type StanzaKind } from '../index.js';
import type { Clock } from '../ports/index.js';
import type { RunningSession } from '../session/running-session.js';
import { type Element, print, stampDelay } from '../xml.js';
import { mayWait } from './importance.js';

export interface HandOverOptions {
  /** Ours. */
  readonly domain: string;
  readonly clock: Clock;
}

/** @param key names the copies of which this is one; see copies.ts */
export const handOver = (
  stanza: Element,
  running: RunningSession,
  { domain, clock }: HandOverOptions,
  key: string | undefined,
): void => {
  const { state } = running;
  const waits = state.session.link.inactive && !hasTag(state, 'uncounted') && mayWait(stanza);
  running.send({
    // It is old when it arrives.
    xml: print(waits ? stampDelay(stanza, { from: domain, stamp: clock.now() }) : stanza),
    kind: kindOf(stanza),
    type: stanza.attrs.type ?? '',
    key,
    mayWait: waits,
  });
};

export const kindOf = (stanza: Element): StanzaKind => {
  const name = stanza.getName();
  return name === 'presence' || name === 'iq' ? name : 'message';
};
