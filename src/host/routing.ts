import type { Element } from '../xml.js';
import type { Accounts } from './accounts.js';
import { availableResources, type ReadonlyDirectory, type ToResource } from './directory.js';
import { bareJid, formatJid, type Jid, parseJid } from './jid.js';
import { forbidsStoring, isChatState } from './message-content.js';
import { isAnswerable, type StanzaCondition } from './stanza-error.js';

/** The destination of a stanza: exactly one of these. */
export type Route =
  /** To these full JIDs, the same stanza to each. */
  | { readonly type: 'deliver'; readonly to: readonly string[] }
  /** To the server of this domain. */
  | { readonly type: 'remote'; readonly domain: string }
  /** Into the offline storage of this account (a bare JID). */
  | { readonly type: 'offline'; readonly account: string }
  /** Back to the sender, as an error. */
  | { readonly type: 'bounce'; readonly condition: StanzaCondition }
  /** The host drops the stanza without an error, as the specification requires. */
  | { readonly type: 'drop' }
  /** The server answers for itself or for the account: services.ts answers an iq, presence.ts answers presence. */
  | { readonly type: 'server' };

/** The data for routing. */
export interface RoutingTable {
  readonly domain: string;
  readonly accounts: Pick<Accounts, 'has'>;
  readonly directory: ReadonlyDirectory;
  /** Whether the server of another domain can be reached. Without this function, no other domain can be reached. */
  readonly reaches?: (domain: string) => boolean;
}

const DROP: Route = { type: 'drop' };
const SERVER: Route = { type: 'server' };
const SUBSCRIPTION_TYPES = ['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed', 'probe'];

/**
 * Decides where a stanza goes (RFC 6121 section 8.5, RFC 6120 section 10). `from` of a local client is its full JID, which the
 * host has set. Where RFC 6121 allows a choice, the host keeps the message: table 1 in section 8.5.4 allows the server to ignore a
 * message of type normal to a resource that is gone; here it goes to the bare JID, as a chat message does.
 */
export const route = (stanza: Element, table: RoutingTable): Route => {
  // Most stanzas are messages to a bound resource, with the address in our own form. Messages of every type go there.
  const way = stanza.name === 'message' ? table.directory.ways.get(stanza.attrs.to ?? '') : undefined;
  return way ?? routeTo(addressee(stanza), stanza, table);
};

const routeTo = (to: Jid | 'server' | undefined, stanza: Element, table: RoutingTable): Route => {
  if (to === undefined) return bounce(stanza, 'jid-malformed');
  if (to === 'server') return SERVER;
  if (to.domain !== table.domain) return routeAway(stanza, to, table);
  if (stanza.getName() === 'message') return routeMessage(stanza, to, table);
  if (stanza.getName() === 'presence') return routePresence(stanza, to, table);
  return routeIq(stanza, to, table);
};

const routeAway = (stanza: Element, { domain }: Jid, table: RoutingTable): Route =>
  table.reaches?.(domain) ? { type: 'remote', domain } : bounce(stanza, 'remote-server-not-found');

/** Without `to`, a message is for the sender's own account, and every other stanza for the server (RFC 6120 section 10.3). */
const addressee = (stanza: Element): Jid | 'server' | undefined => {
  if (stanza.attrs.to !== undefined) return parseJid(stanza.attrs.to);
  const own = stanza.getName() === 'message' ? parseJid(stanza.attrs.from ?? '') : undefined;
  return own === undefined ? 'server' : withoutResource(own);
};

const routeMessage = (stanza: Element, to: Jid, table: RoutingTable): Route => {
  if (!hasAccount(to, table)) return bounce(stanza, 'service-unavailable');
  if (to.resource === undefined) return routeToAccount(stanza, to, table);
  const way = wayTo(to, table);
  if (way !== undefined) return way;
  const { type } = stanza.attrs;
  if (type === 'groupchat' || type === 'headline') return bounce(stanza, 'service-unavailable');
  return routeToAccount(stanza, withoutResource(to), table);
};

/** A message for an account: the resource in its address, if it has one, is gone. The address stays as the sender wrote it. */
export const routeToAccount = (stanza: Element, to: Jid, { directory }: RoutingTable): Route => {
  const { type } = stanza.attrs;
  if (type === 'error') return DROP;
  if (type === 'groupchat') return bounce(stanza, 'service-unavailable');
  const account = bareJid(to);
  const willing = availableResources(directory, account).filter(({ priority }) => priority >= 0);
  if (willing.length > 0) return { type: 'deliver', to: willing.map(({ jid }) => jid) };
  if (type === 'headline') return DROP;
  // XEP-0160 section 3 forbids to store a chat state, XEP-0334 what the sender does not want stored. RFC 6121 leaves only this answer.
  return isChatState(stanza) || forbidsStoring(stanza)
    ? bounce(stanza, 'service-unavailable')
    : { type: 'offline', account };
};

const routePresence = (stanza: Element, to: Jid, table: RoutingTable): Route => {
  const { type } = stanza.attrs;
  if (!hasAccount(to, table)) return DROP;
  if (type !== undefined && SUBSCRIPTION_TYPES.includes(type)) return SERVER;
  if (to.resource !== undefined) return wayTo(to, table) ?? DROP;
  const available = type === 'error' ? [] : availableResources(table.directory, bareJid(to));
  return available.length === 0 ? DROP : { type: 'deliver', to: available.map(({ jid }) => jid) };
};

const routeIq = (stanza: Element, to: Jid, table: RoutingTable): Route => {
  if (to.local === undefined) return SERVER;
  if (!hasAccount(to, table)) return bounce(stanza, 'service-unavailable');
  if (to.resource === undefined) return SERVER;
  return wayTo(to, table) ?? bounce(stanza, 'service-unavailable');
};

const wayTo = (to: Jid, { directory }: RoutingTable): ToResource | undefined => directory.ways.get(formatJid(to));

const bounce = (stanza: Element, condition: StanzaCondition): Route =>
  isAnswerable(stanza) ? { type: 'bounce', condition } : DROP;

const hasAccount = ({ local }: Jid, { accounts }: RoutingTable): boolean => local !== undefined && accounts.has(local);

const withoutResource = ({ local, domain }: Jid): Jid => ({ local, domain, resource: undefined });
