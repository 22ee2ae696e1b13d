/** The sessions and the remembered h values of each owner, in little memory. */
import type { Uint32 } from '../index.js';
import type { Running } from '../ports/index.js';
import { type BySmId, find, put, without } from './by-sm-id.js';

export interface Known {
  readonly smId: string;
  running: Running;
  hibernates: boolean;
}

export interface Owned {
  readonly sessions: BySmId<Known>;
  /** In the order in which they lost their links. */
  readonly hibernating: BySmId<Known>;
  readonly remembered: BySmId<Expired>;
}

/** An ended session. */
export interface Expired {
  readonly owner: string;
  readonly smId: string;
  readonly h: Uint32;
  readonly at: number;
}

export interface Owners {
  /** The owners that have a session or a remembered h. */
  keys(): Iterable<string>;
  ownedBy(owner: string): Owned;
  /** Replaces all that the owner has. */
  keep(owner: string, owned: Owned): void;
  /** Marks a session as hibernating since now. @returns all hibernating sessions of the owner; undefined without such a session */
  hibernate(owner: string, smId: string): BySmId<Known>;
  /** Marks a session as not hibernating. */
  wake(owner: string, smId: string): void;
  /** Forgets a session; a remembered h stays. */
  drop(owner: string, smId: string): void;
}

export const createOwners = (): Owners => {
  const owners = new Map<string, Known | Owned>();

  const ownedBy = (owner: string): Owned => {
    const found = owners.get(owner);
    if (found === undefined || 'sessions' in found) return found ?? NOTHING;
    return { sessions: found, hibernating: found.hibernates ? found : undefined, remembered: undefined };
  };

  /** Most owners have one session: the map then holds the session itself in place of a collection. */
  const keep = (owner: string, owned: Owned): void => {
    const { sessions, remembered } = owned;
    if (remembered !== undefined || sessions instanceof Map) owners.set(owner, owned);
    else if (sessions !== undefined) owners.set(owner, sessions);
    else owners.delete(owner);
  };

  const wake = (owner: string, smId: string): void => {
    const owned = ownedBy(owner);
    const kept = find(owned.hibernating, smId);
    if (kept === undefined) return;
    kept.hibernates = false;
    keep(owner, { ...owned, hibernating: without(owned.hibernating, smId) });
  };

  const hibernate = (owner: string, smId: string): BySmId<Known> => {
    wake(owner, smId);
    const owned = ownedBy(owner);
    const kept = find(owned.sessions, smId);
    if (kept === undefined) return undefined;
    kept.hibernates = true;
    const hibernating = put(owned.hibernating, kept);
    keep(owner, { ...owned, hibernating });
    return hibernating;
  };

  const drop = (owner: string, smId: string): void => {
    wake(owner, smId);
    const owned = ownedBy(owner);
    keep(owner, { ...owned, sessions: without(owned.sessions, smId) });
  };

  return { keys: () => owners.keys(), ownedBy, keep, hibernate, wake, drop };
};

const NOTHING: Owned = { sessions: undefined, hibernating: undefined, remembered: undefined };
