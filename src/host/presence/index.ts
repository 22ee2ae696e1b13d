/** Presence of local users for the hub: stanzas in, deliveries out. Only this folder knows the subscriptions. */
import type { Element } from '../../xml.js';
import type { Jid } from '../jid.js';
import type { RoutingTable } from '../routing.js';
import { type Delivery, NO_PRESENCES, type PresenceStep, presenceSent, resourceGone } from './presence.js';

export type { Delivery } from './presence.js';

/** The caller delivers the results of these methods, in order, before it changes the directory. */
export interface PresenceService {
  /** @param from the full JID of the client that sent the stanza */
  sent(from: Jid, stanza: Element): readonly Delivery[];
  /** A resource goes offline, and its client sent no unavailable presence. */
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
