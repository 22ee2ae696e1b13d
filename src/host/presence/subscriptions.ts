/**
 * The subscriptions to presence (RFC 6121 section 3): for each bare JID, the contacts whose presence it sees (`to`), and the
 * subscribers who see its own (`from`), by the names of RFC 6121 section 2.1.2.5.
 */
export type Subscriptions = ReadonlyMap<string, UserSubscriptions>;

interface UserSubscriptions {
  /** Bare JIDs. */
  readonly to: ReadonlySet<string>;
  readonly from: ReadonlySet<string>;
}

/** Contacts of one user, and subscribers of one contact. */
const MAX_SUBSCRIPTIONS = 1000;
const NONE: UserSubscriptions = { to: new Set(), from: new Set() };

export const contactsOf = (subscriptions: Subscriptions, user: string): ReadonlySet<string> =>
  subscriptionsOf(subscriptions, user).to;

export const subscribersOf = (subscriptions: Subscriptions, contact: string): ReadonlySet<string> =>
  subscriptionsOf(subscriptions, contact).from;

export const isSubscribed = (subscriptions: Subscriptions, user: string, contact: string): boolean =>
  contactsOf(subscriptions, user).has(contact);

/** @returns undefined when the user has a thousand contacts already, or the contact a thousand subscribers */
export const subscribe = (subscriptions: Subscriptions, user: string, contact: string): Subscriptions | undefined => {
  const to = new Set(contactsOf(subscriptions, user)).add(contact);
  const from = new Set(subscribersOf(subscriptions, contact)).add(user);
  if (to.size > MAX_SUBSCRIPTIONS || from.size > MAX_SUBSCRIPTIONS) return undefined;
  return changed(subscriptions, [user, { to }], [contact, { from }]);
};

export const unsubscribe = (subscriptions: Subscriptions, user: string, contact: string): Subscriptions => {
  const to = new Set(contactsOf(subscriptions, user));
  const from = new Set(subscribersOf(subscriptions, contact));
  to.delete(contact);
  from.delete(user);
  return changed(subscriptions, [user, { to }], [contact, { from }]);
};

const changed = (
  subscriptions: Subscriptions,
  ...changes: readonly (readonly [bare: string, Partial<UserSubscriptions>])[]
): Subscriptions => {
  const after = new Map(subscriptions);
  for (const [bare, change] of changes) after.set(bare, { ...subscriptionsOf(after, bare), ...change });
  return after;
};

const subscriptionsOf = (subscriptions: Subscriptions, bare: string): UserSubscriptions =>
  subscriptions.get(bare) ?? NONE;
