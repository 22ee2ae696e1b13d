/** The connection's side of a running session. */
import type { PeerViolation, Role } from '../index.js';
import type { Element } from '../xml.js';
import { isDone } from './guarded.js';
import type { Running } from './running.js';
import type { LinkHandle, Stream } from './running-session.js';

/** There is one while a connection is under the session. */
export class Link<R extends Role> implements LinkHandle {
  private isWaiting = false;

  constructor(
    private readonly session: Pick<Running<R>, 'arrive' | 'clock' | 'enqueue' | 'lose'>,
    readonly stream: Stream,
    readonly epoch: number,
  ) {}

  receive(element: Element): boolean {
    return this.session.arrive(element, this.epoch);
  }

  inOrder(act: () => void): void {
    this.session.enqueue({ act });
  }

  violated(violation: PeerViolation): void {
    this.session.enqueue({ event: { type: 'peer.violation', at: this.now(), epoch: this.epoch, violation } });
  }

  closed(): void {
    this.session.enqueue({ event: { type: 'peer.closed', at: this.now(), epoch: this.epoch } });
  }

  lost(): void {
    this.session.lose(this.epoch);
  }

  wait(mustWait: boolean): void {
    if (mustWait === this.isWaiting) return;
    this.isWaiting = mustWait;
    isDone(() => (mustWait ? this.stream.pause() : this.stream.resume()));
  }

  private now(): number {
    return this.session.clock.now();
  }
}
