/** A running session of the receiving entity: one that a store may know. It carries store effects out, and does what the store asks of it. */
import type { ClaimAnswer, Effect, Report, Role, StoreEffect, TraceLine, Uint32 } from '../index.js';
import type { Holder, IdSource, SessionStore } from '../ports/index.js';
import type { Element } from '../xml.js';
import { checkOwner } from './arguments.js';
import { BaseSession } from './base-session.js';
import type { Environment } from './environment.js';
import type { RunningSession } from './running-session.js';
import { ask, claimEvent, notify } from './store-calls.js';

export interface ServerSession<Data = unknown> extends RunningSession<Data> {
  /**
   * Authentication has completed: only from now on are `<enable/>` and `<resume/>` not refused (E-3, R-12).
   *
   * @param owner the bare JID of the account: an SM-ID means something only under it
   * @throws TypeError for an owner that is no bare JID
   */
  authenticated(owner: string): void;
  /** A resource is bound: `<enable/>` is granted from now on, and `<resume/>` refused (E-3, R-14). Call it behind the answer to the bind. */
  bound(): void;
}

/** What the sessions of one server call. */
export interface ServerHandlers<Data> {
  /**
   * A stanza arrived, after it was counted. Before a resource is bound that is the request for it, or a stanza that comes too
   * early: answer the latter with `link.violated(peerViolation('not-authorized', ''))`.
   *
   * @param position names the stanza for `handled`, 1 or more; null when it is not counted
   */
  onStanza(session: ServerSession<Data>, stanza: Element, position: number | null): void;
  /** Something happened to a session: `report.type` says what. */
  onReport(session: ServerSession<Data>, report: Report): void;
  /** Every step of a session, for inspectors and logs. SM-IDs are shortened, and negotiation is left out. */
  onTrace?(session: ServerSession<Data>, line: TraceLine): void;
}

export interface ServerEnvironment<Data> extends Environment<Role> {
  readonly handlers: ServerHandlers<Data>;
  readonly store: SessionStore | undefined;
  readonly ids: IdSource;
  /** The sessions that are being claimed, and who awaits what they say. */
  readonly claims: Map<Holder, (answer: ClaimAnswer | undefined) => void>;
}

export class RunningServerSession<Data>
  extends BaseSession<Role, ServerEnvironment<Data>, Data>
  implements ServerSession<Data>, Holder
{
  authenticated(owner: string): void {
    checkOwner(owner);
    this.dispatch({ type: 'app.authenticated', at: this.clock.now(), owner });
  }

  bound(): void {
    this.dispatch({ type: 'app.bound', at: this.clock.now() });
  }

  surrender(h: Uint32): Promise<ClaimAnswer | undefined> {
    return new Promise((resolve) => {
      this.environment.claims.set(this, resolve);
      this.dispatch({ type: 'store.wanted', at: this.clock.now(), h });
      // A session that is over gives no verdict.
      queueMicrotask(() => {
        this.environment.claims.delete(this);
        resolve(undefined);
      });
    });
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

  /** The answer, if there is one, comes as an event later. */
  protected override performInStore(effect: StoreEffect): void {
    const { clock, ids, store: known } = this.environment;
    switch (effect.type) {
      case 'store.save':
        ask(this, known, async (store) => {
          const smId = ids.smId();
          await store.save(effect.owner, smId, this);
          return { type: 'store.saved', at: clock.now(), smId };
        });
        break;
      case 'store.claim':
        ask(this, known, async (store) =>
          claimEvent(await store.claim(effect.owner, effect.smId, effect.h, this, clock.now()), clock.now()),
        );
        break;
      case 'store.hibernate':
        notify(this, known, (store) => store.hibernate(effect.owner, effect.smId));
        break;
      case 'store.expire':
        notify(this, known, (store) => store.expire(effect.owner, effect.smId, effect.h, clock.now()));
        break;
      case 'store.forget':
        notify(this, known, (store) => store.forget(effect.owner, effect.smId));
        break;
      case 'store.surrender':
        this.environment.claims.get(this)?.(effect.answer);
        this.environment.claims.delete(this);
    }
  }

  /** Carries out what is due for a session that comes from a record; the store has to know of the session first, so that its limits count it. */
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
