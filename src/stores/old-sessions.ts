/** The last h values of ended sessions: so many for each owner, and each for so long (M-8). */
import type { Uint32 } from '../index.js';
import type { Claim } from '../ports/index.js';
import { count, find, oldest, put, without } from './by-sm-id.js';
import type { Expired, Owners } from './owners.js';

export class OldSessions {
  readonly #owners: Owners;
  readonly #most: number;
  readonly #lifetime: number;
  readonly #byAge = new Set<Expired>();

  /**
   * @param most values of one owner
   * @param lifetime of a value, in seconds
   */
  constructor(owners: Owners, most: number, lifetime: number) {
    this.#owners = owners;
    this.#most = most;
    this.#lifetime = lifetime;
  }

  remember(owner: string, smId: string, h: Uint32, at: number): void {
    const owned = this.#owners.ownedBy(owner);
    const old = { owner, smId, h, at };
    const remembered = put(owned.remembered, old);
    this.#owners.keep(owner, { ...owned, remembered });
    this.#byAge.add(old);
    for (const tooMany of oldest(remembered, count(remembered) - this.#most)) this.#forget(tooMany);
    this.#forgetOld(at);
  }

  recall(owner: string, smId: string, at: number): Claim {
    this.#forgetOld(at);
    const old = find(this.#owners.ownedBy(owner).remembered, smId);
    return old === undefined ? UNKNOWN : { type: 'expired', h: old.h };
  }

  /** All values live equally long, so the search ends at the first value that is not too old. */
  #forgetOld(at: number): void {
    for (const old of this.#byAge) {
      if (old.at + this.#lifetime * 1000 > at) break;
      this.#forget(old);
    }
  }

  #forget(old: Expired): void {
    this.#byAge.delete(old);
    const owned = this.#owners.ownedBy(old.owner);
    if (find(owned.remembered, old.smId) === old)
      this.#owners.keep(old.owner, { ...owned, remembered: without(owned.remembered, old.smId) });
  }
}

const UNKNOWN: Claim = { type: 'unknown' };
