/**
 * Sessions in this process's memory.
 *
 * Everything is found under its owner first, so another owner's SM-ID looks like one that never was.
 */
import type { Uint32 } from '../index.js';
import type { Claim, Holder, SessionStore } from '../ports/index.js';

export interface MemoryStoreOptions {
  /** Hibernating sessions an owner may have; the oldest gives way (M-7). Default 10. */
  readonly maxHibernatedSessions?: number;
  /** Final h values that are remembered for an owner; the oldest goes first (M-8). Default 10. */
  readonly maxOldSessions?: number;
  /** For how long a final h is remembered, in seconds. Default 48 hours. */
  readonly oldSessionLifetime?: number;
}

export interface MemoryStore extends SessionStore {
  /** Sessions and remembered h values of all owners, for metrics. */
  readonly size: { readonly live: number; readonly hibernating: number; readonly remembered: number };
}

export const createMemoryStore = (options: MemoryStoreOptions = {}): MemoryStore => {
  const { maxHibernatedSessions = 10, maxOldSessions = 10, oldSessionLifetime = 48 * 3600 } = options;
  const owners = new Map<string, Owned>();
  const byAge = new Set<Old>();

  const ownedBy = (owner: string): Owned => {
    const owned = owners.get(owner) ?? { sessions: new Map(), hibernating: new Set(), remembered: new Map() };
    owners.set(owner, owned);
    return owned;
  };

  const drop = (owner: string, smId: string): void => {
    const owned = owners.get(owner);
    if (owned === undefined) return;
    owned.sessions.delete(smId);
    owned.hibernating.delete(smId);
    if (owned.sessions.size === 0 && owned.remembered.size === 0) owners.delete(owner);
  };

  const letGo = (old: Old): void => {
    byAge.delete(old);
    const owned = owners.get(old.owner);
    if (owned?.remembered.get(old.smId) === old) owned.remembered.delete(old.smId);
    drop(old.owner, old.smId);
  };

  /** All of them live equally long, so the first that is young enough ends the search. */
  const letGoOfOld = (at: number): void => {
    for (const old of byAge) {
      if (old.at + oldSessionLifetime * 1000 > at) break;
      letGo(old);
    }
  };

  const recall = (owner: string, smId: string, at: number): Claim => {
    letGoOfOld(at);
    const old = owners.get(owner)?.remembered.get(smId);
    return old === undefined ? UNKNOWN : { type: 'expired', h: old.h };
  };

  return {
    async save(owner, smId, holder) {
      ownedBy(owner).sessions.set(smId, { holder, claimed: false });
    },

    async claim(owner, smId, h, holder, at) {
      const kept = owners.get(owner)?.sessions.get(smId);
      if (kept === undefined) return recall(owner, smId, at);
      if (kept.claimed) return { type: 'conflict' };
      kept.claimed = true;
      const verdict = await kept.holder.surrender(h).finally(() => {
        kept.claimed = false;
      });
      if (verdict === undefined) return recall(owner, smId, at);
      if (verdict.type === 'claimed') {
        kept.holder = holder;
        owners.get(owner)?.hibernating.delete(smId);
      }
      return verdict;
    },

    async hibernate(owner, smId) {
      const owned = owners.get(owner);
      if (owned === undefined || !owned.sessions.has(smId)) return [];
      owned.hibernating.delete(smId);
      owned.hibernating.add(smId);
      const evicted = [...owned.hibernating].slice(0, Math.max(0, owned.hibernating.size - maxHibernatedSessions));
      for (const oldest of evicted) {
        owned.hibernating.delete(oldest);
        owned.sessions.get(oldest)?.holder.evict();
      }
      return evicted;
    },

    async expire(owner, smId, h, at) {
      drop(owner, smId);
      const { remembered } = ownedBy(owner);
      const old = { owner, smId, h, at };
      remembered.set(smId, old);
      byAge.add(old);
      for (const oldest of remembered.values()) {
        if (remembered.size <= maxOldSessions) break;
        letGo(oldest);
      }
      letGoOfOld(at);
    },

    async forget(owner, smId) {
      drop(owner, smId);
    },

    get size() {
      const all = [...owners.values()];
      const sum = (count: (owned: Owned) => number): number => all.reduce((total, owned) => total + count(owned), 0);
      const hibernating = sum((owned) => owned.hibernating.size);
      return {
        hibernating,
        live: sum((owned) => owned.sessions.size) - hibernating,
        remembered: sum((owned) => owned.remembered.size),
      };
    },
  };
};

interface Owned {
  readonly sessions: Map<string, { holder: Holder; claimed: boolean }>;
  /** In the order in which they lost their links. */
  readonly hibernating: Set<string>;
  readonly remembered: Map<string, Old>;
}

/** A session that is over. */
interface Old {
  readonly owner: string;
  readonly smId: string;
  readonly h: Uint32;
  readonly at: number;
}

const UNKNOWN: Claim = { type: 'unknown' };
