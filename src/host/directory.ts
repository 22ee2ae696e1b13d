import type { Element } from '../xml.js';
import { bareJid, formatJid, type Jid } from './jid.js';

/** A bound resource. It stays here while its session hibernates. */
export interface Resource {
  /** The full JID. */
  readonly jid: string;
  /** The last available presence that it broadcast; undefined while it is only connected (RFC 6121 section 4). */
  readonly presence: Element | undefined;
  /** -128 to 127 (RFC 6121 section 4.7.2.3); with a negative priority the resource gets no messages for the bare JID. */
  readonly priority: number;
}

/** The route to one resource; see routing.ts. */
export interface ToResource {
  readonly type: 'deliver';
  readonly to: readonly [jid: string];
}

/** The resources that are online. Only the functions of this file change it. */
export interface Directory {
  /** Bare JID to full JID to resource. */
  readonly accounts: Map<string, Map<string, Resource>>;
  /** Full JID to the route there. Most stanzas take such a route, so the directory makes it once. */
  readonly ways: Map<string, ToResource>;
}

/** A directory, for reading only. */
export interface ReadonlyDirectory {
  readonly accounts: ReadonlyMap<string, ReadonlyMap<string, Resource>>;
  readonly ways: ReadonlyMap<string, ToResource>;
}

export const createDirectory = (): Directory => ({ accounts: new Map(), ways: new Map() });

/** Adds a connected resource. A resource that is bound already keeps its presence. */
export const bind = ({ accounts, ways }: Directory, jid: Jid): void => {
  const full = formatJid(jid);
  if (ways.has(full)) return;
  const resources = accounts.get(bareJid(jid)) ?? new Map<string, Resource>();
  accounts.set(bareJid(jid), resources.set(full, { jid: full, presence: undefined, priority: 0 }));
  ways.set(full, { type: 'deliver', to: [full] });
};

/** Removes a resource, if it is bound. */
export const unbind = ({ accounts, ways }: Directory, jid: Jid): void => {
  const resources = accounts.get(bareJid(jid));
  resources?.delete(formatJid(jid));
  if (resources?.size === 0) accounts.delete(bareJid(jid));
  ways.delete(formatJid(jid));
};

/**
 * Records a presence stanza without `to`: available, or unavailable. Other stanzas change nothing, and so does a stanza of a
 * resource that is not bound. Deliver the presence first (see presence.ts): its receivers depend on the directory before the change.
 */
export const recordPresence = (directory: Directory, jid: Jid, stanza: Element): void => {
  const { to, type } = stanza.attrs;
  const full = formatJid(jid);
  const resources = directory.accounts.get(bareJid(jid));
  if (to !== undefined || !resources?.has(full)) return;
  if (type === undefined) resources.set(full, { jid: full, presence: stanza, priority: priorityOf(stanza) });
  if (type === 'unavailable') resources.set(full, { jid: full, presence: undefined, priority: 0 });
};

export const findResource = (directory: ReadonlyDirectory, jid: Jid): Resource | undefined =>
  directory.accounts.get(bareJid(jid))?.get(formatJid(jid));

/** How many resources of an account are bound. */
export const countResources = (directory: ReadonlyDirectory, jid: Jid): number =>
  directory.accounts.get(bareJid(jid))?.size ?? 0;

/** The resources of a bare JID that have broadcast available presence. */
export const availableResources = (directory: ReadonlyDirectory, bare: string): readonly Resource[] =>
  [...(directory.accounts.get(bare)?.values() ?? [])].filter(({ presence }) => presence !== undefined);

/** The priority in a presence stanza; 0 when it is missing or no number from -128 to 127. */
export const priorityOf = (presence: Element): number => {
  const text = presence.getChildText('priority')?.trim() ?? '';
  const priority = /^[+-]?\d{1,3}$/.test(text) ? Number(text) : 0;
  return priority >= -128 && priority <= 127 ? priority : 0;
};
