/**
 * Sessions in this process's memory.
 *
 * Each lookup begins with the owner, so another owner's SM-ID looks like an unknown SM-ID.
 */
import { checkLimit, checkNames, checkSeconds } from '../arguments/check.js';
import { judgeClaim } from '../index.js';
import type { SessionStore } from '../ports/index.js';
import { count, find, oldest, put } from './by-sm-id.js';
import { Moving } from './moving.js';
import { OldSessions } from './old-sessions.js';
import { createOwners, type Owners } from './owners.js';

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
  const { maxHibernatedSessions, maxOldSessions, oldSessionLifetime } = limitsOf(options);
  const owners = createOwners();
  const { ownedBy, keep, wake, drop } = owners;
  const old = new OldSessions(owners, maxOldSessions, oldSessionLifetime);
  const moving = new Moving();

  const end = (owner: string, smId: string): void => {
    const ended = find(ownedBy(owner).sessions, smId);
    if (ended !== undefined) moving.end(ended);
    drop(owner, smId);
  };

  return {
    async save(owner, smId, running) {
      const owned = ownedBy(owner);
      keep(owner, { ...owned, sessions: put(owned.sessions, { smId, running, hibernates: false }) });
    },

    async claim(owner, smId, h, running, at) {
      // A session that is in the middle of an event finishes it first.
      await undefined;
      const kept = find(ownedBy(owner).sessions, smId);
      if (kept === undefined) return old.recall(owner, smId, at);
      const session = moving.valueNow(kept);
      const answer = judgeClaim(session, h);
      if (answer.type === 'outdated') {
        kept.running.outdated();
        return old.recall(owner, smId, at);
      }
      if (answer.type !== 'legal') return answer;
      const former = kept.running;
      kept.running = running;
      moving.begin(kept, session);
      wake(owner, smId);
      if (former !== running) former.taken(smId);
      return { type: 'claimed', session };
    },

    async hibernate(owner, smId) {
      const hibernating = owners.hibernate(owner, smId);
      const evicted = oldest(hibernating, count(hibernating) - maxHibernatedSessions);
      for (const session of evicted) {
        wake(owner, session.smId);
        find(ownedBy(owner).sessions, session.smId)?.running.evict();
      }
      return evicted.map((session) => session.smId);
    },

    async expire(owner, smId, h, at) {
      end(owner, smId);
      old.remember(owner, smId, h, at);
    },

    forget: async (owner, smId) => end(owner, smId),

    get size() {
      return sizeOf(owners);
    },
  };
};

/** The limits that the options say, or the defaults. */
const limitsOf = (options: MemoryStoreOptions) => {
  checkNames('options', options, { maxHibernatedSessions: true, maxOldSessions: true, oldSessionLifetime: true });
  const { maxHibernatedSessions = 10, maxOldSessions = 10, oldSessionLifetime = 48 * 3600 } = options;
  checkLimit('options.maxHibernatedSessions', maxHibernatedSessions);
  checkLimit('options.maxOldSessions', maxOldSessions);
  checkSeconds('options.oldSessionLifetime', oldSessionLifetime);
  return { maxHibernatedSessions, maxOldSessions, oldSessionLifetime };
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
