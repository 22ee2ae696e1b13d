import type { Element } from '../xml.js';
import type { Accounts } from './accounts.js';
import { availableResources, type ReadonlyDirectory, type ToResource } from './directory.js';
import { bareJid, formatJid, type Jid, parseJid } from './jid.js';
import { isChatState } from './message-content.js';
import { isAnswerable, type StanzaCondition } from './stanza-error.js';

/** Where a stanza goes: exactly one of these. */
export type Route =
  /** To these full JIDs, the same stanza to each. */
  | { readonly type: 'deliver'; readonly to: readonly string[] }
  /** To the server of this domain. */
  | { readonly type: 'remote'; readonly domain: string }
  /** Into the offline storage of this account (a bare JID). */
  | { readonly type: 'offline'; readonly account: string }
  /** Back to the sender, as an error. */
  | { readonly type: 'bounce'; readonly condition: StanzaCondition }
  /** Nowhere, in silence: the specification asks for it. */
  | { readonly type: 'drop' }
  /** The server answers for itself or the account: services.ts for an iq, presence.ts for presence. */
  | { readonly type: 'server' };

/** What routing looks at. */
export interface RoutingTable {
  readonly domain: string;
  readonly accounts: Pick<Accounts, 'has'>;
  readonly directory: ReadonlyDirectory;
  /** Whether the server of another domain can be reached; without it there is none. */
  readonly reaches?: (domain: string) => boolean;
}

const DROP: Route = { type: 'drop' };
const SERVER: Route = { type: 'server' };
const SUBSCRIPTION_TYPES = ['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed', 'probe'];

/**
 * Decides where a stanza goes (RFC 6121 section 8.5, RFC 6120 section 10). `from` of a local client is its full JID, stamped
 * by the host. Where the RFC leaves a choice, the message is kept rather than dropped: table 1 in section 8.5.4 allows
 * a message of type normal to a gone resource to be ignored; here it goes to the bare JID, as a chat message does.
 */
export const route = (stanza: Element, table: RoutingTable): Route => {
  // Most are messages to a bound resource, written as we write it: whatever their type, they go there.
  const way = stanza.name === 'message' ? table.directory.ways.get(stanza.attrs.to ?? '') : undefined;
  return way ?? routeTo(addressee(stanza), stanza, table);
};

const routeTo = (to: Jid | 'nobody' | undefined, stanza: Element, table: RoutingTable): Route => {
  if (to === undefined) return bounce(stanza, 'jid-malformed');
  if (to === 'nobody') return SERVER;
  if (to.domain !== table.domain) return routeAway(stanza, to, table);
  if (stanza.getName() === 'message') return routeMessage(stanza, to, table);
  if (stanza.getName() === 'presence') return routePresence(stanza, to, table);
  return routeIq(stanza, to, table);
};

const routeAway = (stanza: Element, { domain }: Jid, table: RoutingTable): Route =>
  table.reaches?.(domain) ? { type: 'remote', domain } : bounce(stanza, 'remote-server-not-found');

/** Without `to`, a message is for the sender's own account, and anything else for the server (RFC 6120 section 10.3). */
const addressee = (stanza: Element): Jid | 'nobody' | undefined => {
  if (stanza.attrs.to !== undefined) return parseJid(stanza.attrs.to);
  const own = stanza.getName() === 'message' ? parseJid(stanza.attrs.from ?? '') : undefined;
  return own === undefined ? 'nobody' : withoutResource(own);
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

const routeToAccount = (stanza: Element, to: Jid, { directory }: RoutingTable): Route => {
  const { type } = stanza.attrs;
  if (type === 'error') return DROP;
  if (type === 'groupchat') return bounce(stanza, 'service-unavailable');
  const account = bareJid(to);
  const willing = availableResources(directory, account).filter(({ priority }) => priority >= 0);
  if (willing.length > 0) return { type: 'deliver', to: willing.map(({ jid }) => jid) };
  if (type === 'headline') return DROP;
  // XEP-0160 section 3: not to be stored, and the RFC knows only one other way.
  return isChatState(stanza) ? bounce(stanza, 'service-unavailable') : { type: 'offline', account };
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
