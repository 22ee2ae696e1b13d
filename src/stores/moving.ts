/**
 * The values of sessions that were claimed, until the objects that claimed them have them: the answer to a claim takes some turns of the event
 * loop, and meanwhile another link may claim the session.
 */
import type { Session } from '../index.js';
import type { Known } from './owners.js';

export class Moving {
  readonly #values = new Map<Known, Session>();

  /** The present value of a session. */
  valueNow(kept: Known): Session {
    for (const each of this.#values.keys()) if (hasArrived(each)) this.#values.delete(each);
    return this.#values.get(kept) ?? kept.running.state.session;
  }

  begin(kept: Known, value: Session): void {
    this.#values.set(kept, value);
  }

  /** The session is over. */
  end(kept: Known): void {
    this.#values.delete(kept);
  }
}

const hasArrived = ({ running, smId }: Known): boolean => running.state.session.smId === smId;
