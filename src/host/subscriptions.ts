/** Who sees whose presence: a user's bare JID to the bare JIDs of the contacts it is subscribed to, and back. */
export type Subscriptions = ReadonlyMap<string, Links>;

interface Links {
  readonly contacts: ReadonlySet<string>;
  readonly subscribers: ReadonlySet<string>;
}

/** Contacts of one user, and subscribers of one contact. */
const MAX_LINKS = 1000;
const NONE: Links = { contacts: new Set(), subscribers: new Set() };

export function subscriptionsOf(subscriptions: Subscriptions, user: string): ReadonlySet<string> {
  return linksOf(subscriptions, user).contacts;
}

export function subscribersOf(subscriptions: Subscriptions, contact: string): ReadonlySet<string> {
  return linksOf(subscriptions, contact).subscribers;
}

export function isSubscribed(subscriptions: Subscriptions, user: string, contact: string): boolean {
  return subscriptionsOf(subscriptions, user).has(contact);
}

/** @returns undefined when either side has a thousand already */
export function subscribe(subscriptions: Subscriptions, user: string, contact: string): Subscriptions | undefined {
  const contacts = new Set(subscriptionsOf(subscriptions, user)).add(contact);
  const subscribers = new Set(subscribersOf(subscriptions, contact)).add(user);
  if (contacts.size > MAX_LINKS || subscribers.size > MAX_LINKS) return undefined;
  return link(subscriptions, user, contacts, contact, subscribers);
}

export function unsubscribe(subscriptions: Subscriptions, user: string, contact: string): Subscriptions {
  const contacts = new Set(subscriptionsOf(subscriptions, user));
  const subscribers = new Set(subscribersOf(subscriptions, contact));
  contacts.delete(contact);
  subscribers.delete(user);
  return link(subscriptions, user, contacts, contact, subscribers);
}

function link(
  subscriptions: Subscriptions,
  user: string,
  contacts: ReadonlySet<string>,
  contact: string,
  subscribers: ReadonlySet<string>,
): Subscriptions {
  return new Map(subscriptions)
    .set(user, { ...linksOf(subscriptions, user), contacts })
    .set(contact, { ...linksOf(subscriptions, contact), subscribers });
}

function linksOf(subscriptions: Subscriptions, bare: string): Links {
  return subscriptions.get(bare) ?? NONE;
}
