/**
 * Sessions in this process's memory.
 *
 * Each lookup begins with the owner, so another owner's SM-ID looks like an unknown SM-ID.
 */
import { checkLimit, checkNames, checkSeconds } from '../arguments/check.js';
import type { Claim, SessionStore } from '../ports/index.js';
import { count, find, oldest, put, without } from './by-sm-id.js';
import { createOwners, type Expired, type Known, type Owners } from './owners.js';

export interface MemoryStoreOptions {
  /** The most hibernating sessions of one owner; the store evicts the oldest (M-7). Default 10. */
  readonly maxHibernatedSessions?: number | undefined;
  /** The most final h values that the store remembers for one owner; it drops the oldest first (M-8). Default 10. */
  readonly maxOldSessions?: number | undefined;
  /** How long the store remembers a final h, in seconds. Default 48 hours. */
  readonly oldSessionLifetime?: number | undefined;
}

interface Size {
  readonly live: number;
  readonly hibernating: number;
  readonly remembered: number;
}

export interface MemoryStore extends SessionStore {
  /** The numbers of sessions and of remembered h values, over all owners, for metrics. */
  readonly size: Size;
}

/**
 * Makes an empty store for the sessions of one server process. Its sessions end with the process.
 *
 * @throws TypeError that names the option: an unknown option, a limit that is not a whole number of 0 or more (Infinity is allowed)
 */
export const createMemoryStore = (options: MemoryStoreOptions = {}): MemoryStore => {
  checkNames('options', options, { maxHibernatedSessions: true, maxOldSessions: true, oldSessionLifetime: true });
  const { maxHibernatedSessions = 10, maxOldSessions = 10, oldSessionLifetime = 48 * 3600 } = options;
  checkLimit('options.maxHibernatedSessions', maxHibernatedSessions);
  checkLimit('options.maxOldSessions', maxOldSessions);
  checkSeconds('options.oldSessionLifetime', oldSessionLifetime);
  const owners = createOwners();
  const { ownedBy, keep, wake, drop } = owners;
  const byAge = new Set<Expired>();
  const claims = new Set<Known>();

  const forgetOld = (old: Expired): void => {
    byAge.delete(old);
    const owned = ownedBy(old.owner);
    if (find(owned.remembered, old.smId) === old)
      keep(old.owner, { ...owned, remembered: without(owned.remembered, old.smId) });
    drop(old.owner, old.smId);
  };

  /** All remembered values live equally long, so the search ends at the first value that is not too old. */
  const forgetExpired = (at: number): void => {
    for (const old of byAge) {
      if (old.at + oldSessionLifetime * 1000 > at) break;
      forgetOld(old);
    }
  };

  const recall = (owner: string, smId: string, at: number): Claim => {
    forgetExpired(at);
    const old = find(ownedBy(owner).remembered, smId);
    return old === undefined ? UNKNOWN : { type: 'expired', h: old.h };
  };

  return {
    async save(owner, smId, holder) {
      const owned = ownedBy(owner);
      keep(owner, { ...owned, sessions: put(owned.sessions, { smId, holder, hibernates: false }) });
    },

    async claim(owner, smId, h, holder, at) {
      const kept = find(ownedBy(owner).sessions, smId);
      if (kept === undefined) return recall(owner, smId, at);
      if (claims.has(kept)) return { type: 'conflict' };
      claims.add(kept);
      const answer = await kept.holder.surrender(h).finally(() => {
        claims.delete(kept);
      });
      if (answer === undefined) return recall(owner, smId, at);
      if (answer.type === 'claimed') {
        kept.holder = holder;
        wake(owner, smId);
      }
      return answer;
    },

    async hibernate(owner, smId) {
      const hibernating = owners.hibernate(owner, smId);
      const evicted = oldest(hibernating, count(hibernating) - maxHibernatedSessions);
      for (const session of evicted) {
        wake(owner, session.smId);
        find(ownedBy(owner).sessions, session.smId)?.holder.evict();
      }
      return evicted.map((session) => session.smId);
    },

    async expire(owner, smId, h, at) {
      drop(owner, smId);
      const owned = ownedBy(owner);
      const old = { owner, smId, h, at };
      const remembered = put(owned.remembered, old);
      keep(owner, { ...owned, remembered });
      byAge.add(old);
      for (const tooOld of oldest(remembered, count(remembered) - maxOldSessions)) forgetOld(tooOld);
      forgetExpired(at);
    },

    forget: async (owner, smId) => drop(owner, smId),

    get size() {
      return sizeOf(owners);
    },
  };
};

const sizeOf = (owners: Owners): Size => {
  let [sessions, hibernating, remembered] = [0, 0, 0];
  for (const owner of owners.keys()) {
    const owned = owners.ownedBy(owner);
    sessions += count(owned.sessions);
    hibernating += count(owned.hibernating);
    remembered += count(owned.remembered);
  }
  return { hibernating, live: sessions - hibernating, remembered };
};

const UNKNOWN: Claim = { type: 'unknown' };
