/** Milliseconds after which a wait has failed. */
const PATIENCE = 45_000;

/** Something to wait for, without looking again and again. */
export class Condition {
  #waiting: (() => void)[] = [];

  changed(): void {
    for (const look of this.#waiting.splice(0)) look();
  }

  /** @returns rejects, naming `what`, when it takes too long */
  until(holds: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited for ${what} in vain`)), PATIENCE);
      const look = (): void => {
        if (!holds()) {
          this.#waiting.push(look);
          return;
        }
        clearTimeout(timer);
        resolve();
      };
      look();
    });
  }
}
