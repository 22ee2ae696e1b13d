/** Asks a client that has been silent for a while for an acknowledgement: TCP says nothing about a client that vanished (P-2). */
import type { Clock, ServerSession } from '../../server.js';

/** An inactive client is not asked only because time passes (P-3): what wakes it is asked about. */
export class IdleProbe {
  readonly #session: ServerSession;
  readonly #clock: Clock;
  readonly #idle: number;
  #heardAt: number;
  #cancel: () => void;

  /** @param seconds of silence, more than 0 */
  constructor(session: ServerSession, clock: Clock, seconds: number) {
    this.#session = session;
    this.#clock = clock;
    this.#idle = seconds * 1000;
    this.#heardAt = clock.now();
    this.#cancel = this.#wake(this.#heardAt);
  }

  /** The client sent something. The timer does not change: it looks at the time when it fires. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  stop(): void {
    this.#cancel();
  }

  #wake(since: number): () => void {
    return this.#clock.at(since + this.#idle, () => this.#look());
  }

  #look(): void {
    const now = this.#clock.now();
    const isSilent = now - this.#heardAt >= this.#idle;
    this.#cancel = this.#wake(isSilent ? now : this.#heardAt);
    if (isSilent && !this.#session.state.session.link.inactive) this.#session.requestAck();
  }
}
