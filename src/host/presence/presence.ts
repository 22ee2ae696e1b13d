/**
 * The rules of presence of local users (RFC 6121 sections 3 and 4), as functions from one state to the next.
 *
 * Each function returns the next state and the deliveries, in order, and changes no argument. It needs the directory
 * from *before* the event: deliver first, then record the presence or unbind the resource.
 *
 * Unlike RFC 6121, this host has no rosters: it approves a subscription at once, without the consent of the account's owner,
 * and keeps it in memory only. That suits a demo and tests; a real server asks the owner.
 */
import { clone, Element } from '../../xml.js';
import { availableResources, findResource, type Resource } from '../directory.js';
import { bareJid, formatJid, type Jid, parseJid } from '../jid.js';
import { type RoutingTable, route } from '../routing.js';
import { type StanzaCondition, stanzaError } from '../stanza-error.js';
import {
  contactsOf,
  isSubscribed,
  type Subscriptions,
  subscribe,
  subscribersOf,
  unsubscribe,
} from './subscriptions.js';

export interface Presences {
  readonly subscriptions: Subscriptions;
  /** By full JID: the addresses that got directed presence from a resource. They get its unavailable presence (RFC 6121 section 4.6). */
  readonly directed: ReadonlyMap<string, ReadonlySet<string>>;
}

/** One stanza for one address: the full JID of a local resource, or any address of another domain. */
export interface Delivery {
  readonly to: string;
  readonly stanza: Element;
}

export type PresenceStep = readonly [Presences, readonly Delivery[]];

export const NO_PRESENCES: Presences = { subscriptions: new Map(), directed: new Map() };

/** Addresses of directed presence that the host remembers for one resource; a further address gets `resource-constraint`. */
const MAX_DIRECTED = 100;

/** A client sent a presence stanza. @param from the client's full JID, which is the stanza's `from` too */
export const presenceSent = (state: Presences, table: RoutingTable, from: Jid, stanza: Element): PresenceStep => {
  const { to: address, type } = stanza.attrs;
  if (address === undefined) {
    if (type === undefined) return [state, available(state, table, from, stanza)];
    if (type === 'unavailable') return unavailable(state, table, from, stanza);
    return [state, refusal(from, stanza, 'bad-request')];
  }
  const to = parseJid(address);
  if (to === undefined) return [state, refusal(from, stanza, 'jid-malformed')];
  if (to.domain !== table.domain && !table.reaches?.(to.domain))
    return [state, refusal(from, stanza, 'remote-server-not-found')];
  // Other domains get directed presence and nothing else: without rosters there are no subscriptions to contacts there.
  if (to.domain !== table.domain && type !== undefined && type !== 'unavailable' && type !== 'error')
    return [state, refusal(from, stanza, 'feature-not-implemented')];
  switch (type) {
    case undefined:
    case 'unavailable':
      return directed(state, table, from, to, stanza);
    case 'error':
      return [state, routed(table, stanza)];
    case 'subscribe':
      return approved(state, table, from, to, stanza);
    case 'unsubscribe':
      return cancelled(state, table, from, to);
    case 'unsubscribed':
      return cancelled(state, table, to, from);
    case 'subscribed':
      return [state, []];
    case 'probe':
      return [state, probed(state, table, from, to)];
    default:
      return [state, refusal(from, stanza, 'bad-request')];
  }
};

/** A resource goes offline, and its client sent no unavailable presence. For a resource that was never available, no presence is sent. */
export const resourceGone = (state: Presences, table: RoutingTable, jid: Jid): PresenceStep =>
  unavailable(state, table, jid, new Element('presence', { type: 'unavailable' }));

/** To all resources of the user and all subscribers. A resource that becomes available gets the presence of the others (4.2, 4.3). */
const available = (state: Presences, table: RoutingTable, from: Jid, stanza: Element): Delivery[] => {
  const full = formatJid(from);
  const others = audience(state, table, from).filter((jid) => jid !== full);
  const news = [full, ...others].map((to) => delivery(to, full, stanza));
  if (findResource(table.directory, from)?.presence !== undefined) return news;
  const seen = [bareJid(from), ...contactsOf(state.subscriptions, bareJid(from))];
  const present = seen.flatMap((bare) => availableResources(table.directory, bare)).filter(({ jid }) => jid !== full);
  return [...news, ...present.flatMap((resource) => presenceOf(resource, full))];
};

/** Once to each address that saw the resource available, by broadcast or by directed presence (4.5, 4.6.3). */
const unavailable = (state: Presences, table: RoutingTable, from: Jid, stanza: Element): PresenceStep => {
  const full = formatJid(from);
  const wasAvailable = findResource(table.directory, from)?.presence !== undefined;
  const directedTo = [...(state.directed.get(full) ?? [])].flatMap((jid) => resourcesAt(table, jid));
  const told = new Set([...(wasAvailable ? audience(state, table, from) : []), ...directedTo]);
  told.delete(full);
  return [withDirected(state, full, new Set()), [...told].map((to) => delivery(to, full, stanza))];
};

const directed = (state: Presences, table: RoutingTable, from: Jid, to: Jid, stanza: Element): PresenceStep => {
  const full = formatJid(from);
  const known = new Set(state.directed.get(full));
  if (stanza.attrs.type === 'unavailable') known.delete(formatJid(to));
  else known.add(formatJid(to));
  if (known.size > MAX_DIRECTED) return [state, refusal(from, stanza, 'resource-constraint')];
  return [withDirected(state, full, known), routed(table, stanza)];
};

const approved = (state: Presences, table: RoutingTable, from: Jid, to: Jid, stanza: Element): PresenceStep => {
  const [user, contact] = [bareJid(from), bareJid(to)];
  if (user === contact || to.local === undefined || !table.accounts.has(to.local)) return [state, []];
  const subscriptions = subscribe(state.subscriptions, user, contact);
  if (subscriptions === undefined) return [state, refusal(from, stanza, 'resource-constraint')];
  const readers = resourcesOf(table, user, formatJid(from));
  const answer = new Element('presence', { type: 'subscribed' });
  const present = availableResources(table.directory, contact);
  return [
    { ...state, subscriptions },
    readers.flatMap((reader) => [
      delivery(reader, contact, answer),
      ...present.flatMap((resource) => presenceOf(resource, reader)),
    ]),
  ];
};

/** `user` no longer sees the presence of `contact`; each of the two can end the subscription (3.2, 3.3). */
const cancelled = (state: Presences, table: RoutingTable, user: Jid, contact: Jid): PresenceStep => {
  const [userBare, contactBare] = [bareJid(user), bareJid(contact)];
  if (!isSubscribed(state.subscriptions, userBare, contactBare)) return [state, []];
  const gone = availableResources(table.directory, contactBare).map(({ jid }) => jid);
  const readers = availableResources(table.directory, userBare).map(({ jid }) => jid);
  return [
    { ...state, subscriptions: unsubscribe(state.subscriptions, userBare, contactBare) },
    readers.flatMap((reader) => [
      ...gone.map((jid) => delivery(reader, jid, new Element('presence', { type: 'unavailable' }))),
      delivery(reader, contactBare, new Element('presence', { type: 'unsubscribed' })),
    ]),
  ];
};

/** Only a subscriber gets an answer: for other users, an account looks like an unknown account (4.3.2). */
const probed = (state: Presences, table: RoutingTable, from: Jid, to: Jid): Delivery[] => {
  const [reader, contact] = [formatJid(from), bareJid(to)];
  if (bareJid(from) !== contact && !isSubscribed(state.subscriptions, bareJid(from), contact)) {
    return [delivery(reader, contact, new Element('presence', { type: 'unsubscribed' }))];
  }
  const present = availableResources(table.directory, contact);
  const asked = to.resource === undefined ? present : present.filter(({ jid }) => jid === formatJid(to));
  if (asked.length > 0) return asked.flatMap((resource) => presenceOf(resource, reader));
  return [delivery(reader, formatJid(to), new Element('presence', { type: 'unavailable' }))];
};

const withDirected = (state: Presences, full: string, known: ReadonlySet<string>): Presences => {
  if (known.size === 0 && !state.directed.has(full)) return state;
  const directed = new Map(state.directed).set(full, known);
  if (known.size === 0) directed.delete(full);
  return { ...state, directed };
};

/** The available resources that see the presence of `from`: those of its user and of the subscribers. */
const audience = ({ subscriptions }: Presences, { directory }: RoutingTable, from: Jid): string[] =>
  [bareJid(from), ...subscribersOf(subscriptions, bareJid(from))].flatMap((bare) =>
    availableResources(directory, bare).map(({ jid }) => jid),
  );

/** The available resources of a user, and the resource that sent the stanza, available or not. */
const resourcesOf = ({ directory }: RoutingTable, bare: string, sender: string): string[] => [
  ...new Set([...availableResources(directory, bare).map(({ jid }) => jid), sender]),
];

const resourcesAt = (table: RoutingTable, to: string): readonly string[] => {
  const destination = route(new Element('presence', { to, type: 'unavailable' }), table);
  if (destination.type === 'remote') return [to];
  return destination.type === 'deliver' ? destination.to : [];
};

const routed = (table: RoutingTable, stanza: Element): Delivery[] => {
  const destination = route(stanza, table);
  if (destination.type === 'remote') return [{ to: stanza.attrs.to ?? '', stanza }];
  return destination.type === 'deliver' ? destination.to.map((to) => ({ to, stanza })) : [];
};

const presenceOf = ({ jid, presence }: Resource, to: string): Delivery[] =>
  presence === undefined ? [] : [delivery(to, jid, presence)];

const refusal = (from: Jid, stanza: Element, condition: StanzaCondition): Delivery[] => {
  const error = stanzaError(stanza, condition);
  return error === undefined ? [] : [{ to: formatJid(from), stanza: error }];
};

/** A copy of `stanza` with both addresses. */
const delivery = (to: string, from: string, stanza: Element): Delivery => {
  const copy = clone(stanza);
  copy.attrs.from = from;
  copy.attrs.to = to;
  return { to, stanza: copy };
};
