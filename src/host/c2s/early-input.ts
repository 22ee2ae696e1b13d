/**
 * Input that comes while a login is being checked. A client may write the header of its next stream before it has the answer (XEP-0305),
 * and how long the check takes must make no difference. So the input waits as text, and is read in order when the answer is written.
 */
export class EarlyInput {
  #texts: string[] = [];
  #size = 0;

  /** @returns false when too much input waits */
  add(text: string): boolean {
    this.#texts.push(text);
    this.#size += text.length;
    return this.#size <= MOST;
  }

  take(): readonly string[] {
    const texts = this.#texts;
    this.#texts = [];
    this.#size = 0;
    return texts;
  }
}

/** UTF-16 units: one element of a client that has not authenticated, and a header. */
const MOST = 20 * 1024;

/** The end of the first tag in a text, or the end of the text: behind it the answer to an element may have to be awaited. */
export const endOfTag = (text: string): number => text.indexOf('>') + 1 || text.length;
