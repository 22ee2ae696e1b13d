/** A connection that is silent may be dead without anybody knowing: when nothing has arrived for a while, ask. */
import type { Clock } from '../../ports/index.js';

export class IdleProbe {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #probe: () => void;
  #lastHeard = 0;
  #cancel = (): void => {};

  /** @param seconds of silence after which `probe` is called, and called again; 0 never */
  constructor(clock: Clock, seconds: number, probe: () => void) {
    this.#clock = clock;
    this.#milliseconds = seconds * 1000;
    this.#probe = probe;
  }

  /** There is a connection. */
  start(): void {
    this.heard();
    if (this.#milliseconds > 0) this.#wait();
  }

  /** Something arrived. */
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
