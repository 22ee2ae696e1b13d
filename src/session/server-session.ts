/** A running session of the receiving entity. It carries out store effects, and answers the calls of the store. */
import { check } from '../arguments/check.js';
import type { Effect, Report, Role, StoreEffect, StoreEvent, TraceLine } from '../index.js';
import type { Claim, IdSource, Running, SessionStore } from '../ports/index.js';
import { type Element, MAX_SECONDS } from '../xml.js';
import { checkOwner } from './arguments.js';
import { BaseSession } from './base-session.js';
import type { Claims, OpenClaim } from './claims.js';
import type { Environment } from './environment.js';
import type { RunningSession } from './running-session.js';
import { ask, claimEvent, notify } from './store-calls.js';

export interface ServerSession<Data = unknown> extends RunningSession<Data> {
  /**
   * Authentication has completed: before this call the session refuses `<enable/>` and `<resume/>` (E-3, R-12).
   *
   * @param owner the bare JID of the account: an SM-ID is valid only for this account
   * @throws TypeError when `owner` is not a bare JID
   */
  authenticated(owner: string): void;
  /** A resource is bound: the session now grants `<enable/>` and refuses `<resume/>` (E-3, R-14). Call it after the answer to the bind. */
  bound(): void;
  /**
   * Keeps the session for this time after a lost connection, instead of the time that was agreed with `<enabled/>`: for example, because a
   * push service can wake its client. The session must be enabled or hibernate; the time of a hibernation under way does not change (M-1).
   *
   * @param seconds 0 to 4294967295
   * @throws TypeError when `seconds` is not such a number
   */
  keepFor(seconds: number): void;
}

/** The functions that the sessions of one server call. */
export interface ServerHandlers<Data> {
  /**
   * A stanza arrived. The session has counted it before this call. Before a resource is bound, the stanza is the bind request or
   * comes too early: answer an early stanza with `link.violated(peerViolation('not-authorized', ''))`.
   *
   * @param position names the stanza for `handled`, 1 or more; null when the stanza is not counted
   */
  onStanza(session: ServerSession<Data>, stanza: Element, position: number | null): void;
  /** Something happened to a session: `report.type` says what. */
  onReport(session: ServerSession<Data>, report: Report): void;
  /** Gets every step of a session, for inspectors and logs: SM-IDs shortened, negotiation left out. */
  onTrace?(session: ServerSession<Data>, line: TraceLine): void;
}

export interface ServerEnvironment<Data> extends Environment<Role> {
  readonly handlers: ServerHandlers<Data>;
  readonly store: SessionStore | undefined;
  readonly ids: IdSource;
  readonly claims: Claims<Running>;
}

export class RunningServerSession<Data>
  extends BaseSession<Role, ServerEnvironment<Data>, Data>
  implements ServerSession<Data>, Running
{
  authenticated(owner: string): void {
    checkOwner(owner);
    this.dispatch({ type: 'app.authenticated', at: this.clock.now(), owner });
  }

  bound(): void {
    this.dispatch({ type: 'app.bound', at: this.clock.now() });
  }

  keepFor(seconds: number): void {
    check(seconds >= 0 && seconds <= MAX_SECONDS, 'seconds', 'a number of seconds from 0 to 4294967295', seconds);
    this.dispatch({ type: 'app.keepFor', at: this.clock.now(), seconds });
  }

  taken(smId: string): void {
    if (this.smId === smId) this.dispatch({ type: 'store.taken', at: this.clock.now() });
    else this.environment.claims.take(this, smId);
  }

  outdated(): void {
    this.dispatch({ type: 'store.outdated', at: this.clock.now() });
  }

  evict(): void {
    this.dispatch({ type: 'store.evicted', at: this.clock.now() });
  }

  protected override hand(element: Element, position: number | null): void {
    this.environment.handlers.onStanza(this, element, position);
  }

  protected override hear(report: Report): void {
    this.environment.handlers.onReport(this, report);
  }

  /** If the store answers, the answer comes as an event later. */
  protected override performInStore(effect: StoreEffect): void {
    const { clock, store: known } = this.environment;
    switch (effect.type) {
      case 'store.save':
        this.save(effect.owner);
        break;
      case 'store.claim':
        this.claim(effect);
        break;
      case 'store.hibernate':
        notify(this, known, (store) => store.hibernate(effect.owner, effect.smId));
        break;
      case 'store.expire':
        notify(this, known, (store) => store.expire(effect.owner, effect.smId, effect.h, clock.now()));
        break;
      case 'store.forget':
        notify(this, known, (store) => store.forget(effect.owner, effect.smId));
    }
  }

  protected save(owner: string): void {
    const { clock, ids, store: known } = this.environment;
    ask(
      this,
      known,
      async (store) => {
        const smId = ids.smId();
        await store.save(owner, smId, this);
        return smId;
      },
      (saved, failure) => (saved === undefined ? failure : { type: 'store.saved', at: clock.now(), smId: saved }),
    );
  }

  protected claim({ owner, smId, h }: Extract<StoreEffect, { type: 'store.claim' }>): void {
    const { claims, clock, store: known } = this.environment;
    const claim = claims.begin(this, smId);
    ask(
      this,
      known,
      (store) => store.claim(owner, smId, h, this, clock.now()),
      (answer, failure) => {
        claims.end(this, claim);
        return answer === undefined ? failure : answered(claim, answer, clock.now());
      },
    );
  }

  /** Carries out the effects of a restored session. First the store must know the session, so that its limits count it. */
  restored(due: readonly Effect[]): void {
    const { owner, smId, status } = this;
    const waits = status === 'hibernating' && owner !== null && smId !== null;
    if (waits)
      notify(this, this.environment.store, async (store) => {
        await store.save(owner, smId, this);
        await store.hibernate(owner, smId);
      });
    for (const effect of due) if (!waits || effect.type !== 'store.hibernate') this.perform(effect);
  }
}

/** The event for the answer to a claim; undefined when the answer to a later claim brings the session. */
const answered = (claim: OpenClaim, answer: Claim, at: number): StoreEvent | undefined => {
  if (answer.type !== 'claimed') return claimEvent(answer, at);
  if (claim.isTaken) return { type: 'store.taken', at };
  return claim.isRepeated ? undefined : claimEvent(answer, at);
};
