/** Presence of local users, as the hub sees it: stanzas in, deliveries out. What users are subscribed to stays in here. */
import type { Element } from '../../xml.js';
import type { Jid } from '../jid.js';
import type { RoutingTable } from '../routing.js';
import { type Delivery, NO_PRESENCES, type PresenceStep, presenceSent, resourceGone } from './presence.js';

export type { Delivery } from './presence.js';

/** Deliver what these return, in order, before the directory changes. */
export interface PresenceService {
  /** @param from the full JID of the client that sent the stanza */
  sent(from: Jid, stanza: Element): readonly Delivery[];
  /** A resource goes offline, and its client did not say so. */
  gone(jid: Jid): readonly Delivery[];
}

export const createPresence = (table: RoutingTable): PresenceService => {
  let state = NO_PRESENCES;

  const take = ([after, deliveries]: PresenceStep): readonly Delivery[] => {
    state = after;
    return deliveries;
  };

  return {
    sent: (from, stanza) => take(presenceSent(state, table, from, stanza)),
    gone: (jid) => take(resourceGone(state, table, jid)),
  };
};
