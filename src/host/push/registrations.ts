/**
 * The resources that have push notifications, their destinations, and the results. A registration outlives its session: it ends when a
 * client disables it or the app server refuses it (XEP-0357 section 5). Each account has a few, in memory.
 */
import { randomUUID } from 'node:crypto';

/** The registration that a client enabled. */
export interface Destination {
  /** The app server's JID. */
  readonly jid: string;
  readonly node: string | undefined;
  /** Fields of the publish-options form, such as a secret: each with its values. */
  readonly options: readonly (readonly [name: string, values: readonly string[]])[];
}

export interface Registration extends Destination {
  /** Begins the id of every notification. */
  readonly id: string;
  readonly account: string;
  /** The full JID. A resumption changes nothing about it, and a new session of this resource takes it over. */
  readonly session: string;
  /** Stanzas of the session's queue, counted from the oldest, that need no further notification. */
  notified: number;
  /** The session was superseded, and has not been resumed on its next connection yet. */
  moving: boolean;
  /** Notifications published. */
  published: number;
  /** Errors in a row. */
  errors: number;
}

export interface Registrations {
  /**
   * A session has one registration, and so has a destination: when a device binds again, its registration moves to
   * the new session. When the account has too many registrations, the oldest ends.
   */
  enable(account: string, session: string, destination: Destination): void;
  /** Ends the account's registrations for this JID, or for this JID and node. */
  disable(account: string, jid: string, node: string | undefined): void;
  remove(registration: Registration): void;
  ofSession(account: string, session: string): Registration | undefined;
  ofAccount(account: string): readonly Registration[];
  byId(id: string): Registration | undefined;
}

/** mod_cloud_notify's push_max_devices. */
const MAX_DEVICES = 5;

/** @param changed called with the full JID of each session that has got a registration, or has none any more */
export const createRegistrations = (changed: (session: string, hasPush: boolean) => void): Registrations => {
  const accounts = new Map<string, Set<Registration>>();
  const all = new Map<string, Registration>();

  const of = (account: string): readonly Registration[] => [...(accounts.get(account) ?? [])];

  const remove = (registration: Registration): void => {
    all.delete(registration.id);
    const others = accounts.get(registration.account);
    others?.delete(registration);
    if (others?.size === 0) accounts.delete(registration.account);
    changed(registration.session, false);
  };

  const ofSession = (account: string, session: string): Registration | undefined =>
    of(account).find((registration) => registration.session === session);

  return {
    enable(account, session, destination) {
      const { jid, node } = destination;
      const notified = ofSession(account, session)?.notified ?? 0;
      for (const former of of(account)) {
        if (former.session === session || (former.jid === jid && former.node === node)) remove(former);
      }
      const oldest = of(account)[0];
      if (oldest !== undefined && of(account).length >= MAX_DEVICES) remove(oldest);
      const id = randomUUID();
      const counts = { notified, moving: false, published: 0, errors: 0 };
      const registration: Registration = { id, account, session, ...destination, ...counts };
      all.set(id, registration);
      accounts.set(account, (accounts.get(account) ?? new Set()).add(registration));
      changed(session, true);
    },
    disable(account, jid, node) {
      for (const registration of of(account)) {
        if (registration.jid === jid && (node === undefined || registration.node === node)) remove(registration);
      }
    },
    remove,
    ofSession,
    ofAccount: of,
    byId: (id) => all.get(id),
  };
};
