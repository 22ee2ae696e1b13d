/** A silent connection may be dead: the probe asks the server when no input has arrived for some time. */
import type { Clock } from '../../ports/index.js';

export class IdleProbe {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #probe: () => void;
  #lastHeard = 0;
  #cancel = (): void => {};

  /** @param seconds of silence after which the timer calls `probe`, again after each such time; 0 never calls it */
  constructor(clock: Clock, seconds: number, probe: () => void) {
    this.#clock = clock;
    this.#milliseconds = seconds * 1000;
    this.#probe = probe;
  }

  /** A connection is open. */
  start(): void {
    this.heard();
    if (this.#milliseconds > 0) this.#wait();
  }

  /** Input arrived. */
  heard(): void {
    this.#lastHeard = this.#clock.now();
  }

  stop(): void {
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    this.#cancel = this.#clock.at(this.#lastHeard + this.#milliseconds, () => {
      if (this.#clock.now() - this.#lastHeard >= this.#milliseconds) {
        this.heard();
        this.#probe();
      }
      this.#wait();
    });
  }
}
