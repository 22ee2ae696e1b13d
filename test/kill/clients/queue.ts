/** The queue of a raw client: what the server has not acknowledged. It counts modulo 2^32, as XEP-0198 section 5 says. */

const UINT32 = 2 ** 32;

export class Queue {
  #stanzas: string[] = [];
  /** How many of them are written on the present session. */
  #written = 0;
  /** The server's newest h. */
  #h = 0;

  get isEmpty(): boolean {
    return this.#stanzas.length === 0;
  }

  add(xml: string): void {
    this.#stanzas.push(xml);
  }

  /** @returns the stanzas that were not written yet; now they are */
  takeUnwritten(): readonly string[] {
    const unwritten = this.#stanzas.slice(this.#written);
    this.#written = this.#stanzas.length;
    return unwritten;
  }

  /** The session goes on with another connection: everything that is left is written again. */
  rewind(): void {
    this.#written = 0;
  }

  /** @returns false when the server cannot have handled so many */
  acknowledge(h: number): boolean {
    const count = (h - this.#h + UINT32) % UINT32;
    if (count > this.#written) return false;
    this.#stanzas.splice(0, count);
    this.#written -= count;
    this.#h = h;
    return true;
  }

  /**
   * The session is over, and nobody knows what became of the stanzas that were written. They are gone; what was not written is for the
   * next session. @param isKnown the server has said how many it handled: then the rest is for the next session too
   */
  startOver(isKnown: boolean): void {
    if (!isKnown) this.#stanzas.splice(0, this.#written);
    // Presence belongs to its session.
    this.#stanzas = this.#stanzas.filter((xml) => xml.startsWith('<message'));
    this.#written = 0;
    this.#h = 0;
  }
}
