/**
 * The claims of sessions that wait for their answers. A store may be slow: before its answer is here, the same session may be claimed again,
 * by another link or by the same one.
 */

/** A claim that waits for its answer. */
export interface OpenClaim {
  readonly smId: string;
  /** Another link claimed the session after us, so the answer comes too late. */
  isTaken: boolean;
  /** The same link claimed the same session again: the answer to the later claim counts. */
  isRepeated: boolean;
}

export class Claims<Claimer extends object> {
  readonly #open = new Map<Claimer, Set<OpenClaim>>();

  begin(claimer: Claimer, smId: string): OpenClaim {
    const open = this.#open.get(claimer) ?? new Set();
    for (const earlier of open) if (earlier.smId === smId) earlier.isRepeated = true;
    const claim = { smId, isTaken: false, isRepeated: false };
    this.#open.set(claimer, open.add(claim));
    return claim;
  }

  end(claimer: Claimer, claim: OpenClaim): void {
    const open = this.#open.get(claimer);
    open?.delete(claim);
    if (open?.size === 0) this.#open.delete(claimer);
  }

  /** Another link has the session that this claimer waits for. */
  take(claimer: Claimer, smId: string): void {
    for (const claim of this.#open.get(claimer) ?? []) if (claim.smId === smId) claim.isTaken = true;
  }
}
