/** Any number of listeners, none of which can disturb another or the session. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** @returns a function that takes the listener off again */
  add(listener: (value: T) => void): () => void {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Calls them in order; what one throws surfaces as an uncaught error, after the others were called. */
  call(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
  }
}
