/** Who sees whose presence: a user's bare JID to the bare JIDs of the contacts it is subscribed to, and back. */
export type Subscriptions = ReadonlyMap<string, Links>;

interface Links {
  readonly contacts: ReadonlySet<string>;
  readonly subscribers: ReadonlySet<string>;
}

/** Contacts of one user, and subscribers of one contact. */
const MAX_LINKS = 1000;
const NONE: Links = { contacts: new Set(), subscribers: new Set() };

export const subscriptionsOf = (subscriptions: Subscriptions, user: string): ReadonlySet<string> =>
  linksOf(subscriptions, user).contacts;

export const subscribersOf = (subscriptions: Subscriptions, contact: string): ReadonlySet<string> =>
  linksOf(subscriptions, contact).subscribers;

export const isSubscribed = (subscriptions: Subscriptions, user: string, contact: string): boolean =>
  subscriptionsOf(subscriptions, user).has(contact);

/** @returns undefined when either side has a thousand already */
export const subscribe = (subscriptions: Subscriptions, user: string, contact: string): Subscriptions | undefined => {
  const contacts = new Set(subscriptionsOf(subscriptions, user)).add(contact);
  const subscribers = new Set(subscribersOf(subscriptions, contact)).add(user);
  if (contacts.size > MAX_LINKS || subscribers.size > MAX_LINKS) return undefined;
  return link(subscriptions, user, contacts, contact, subscribers);
};

export const unsubscribe = (subscriptions: Subscriptions, user: string, contact: string): Subscriptions => {
  const contacts = new Set(subscriptionsOf(subscriptions, user));
  const subscribers = new Set(subscribersOf(subscriptions, contact));
  contacts.delete(contact);
  subscribers.delete(user);
  return link(subscriptions, user, contacts, contact, subscribers);
};

const link = (
  subscriptions: Subscriptions,
  user: string,
  contacts: ReadonlySet<string>,
  contact: string,
  subscribers: ReadonlySet<string>,
): Subscriptions =>
  new Map(subscriptions)
    .set(user, { ...linksOf(subscriptions, user), contacts })
    .set(contact, { ...linksOf(subscriptions, contact), subscribers });

const linksOf = (subscriptions: Subscriptions, bare: string): Links => subscriptions.get(bare) ?? NONE;
