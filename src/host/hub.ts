/**
 * The parts that all sessions of the host share: the bound clients, the routing of stanzas, and the treatment of
 * returned stanzas. The hub knows no connection. Presence, push and other domains have their own files, which the hub
 * calls.
 */
import {
  policy as defaultPolicy,
  type Entry,
  type Policy,
  type Returned,
  type ReturnReason,
  type StanzaKind,
} from '../index.js';
import type { Clock, RunningSession, ServerSession } from '../server.js';
import { type Element, stampDelay, stampText } from '../xml.js';
import type { Accounts } from './accounts.js';
import { isInherited, roomIn, takeInherited } from './backlog.js';
import { type BoundClient, BoundClients } from './bound-clients.js';
import { createCopies } from './copies.js';
import { bind, countResources, createDirectory, priorityOf, recordPresence, unbind } from './directory.js';
import { type OnExpiry, outcomeOf } from './expiry.js';
import { bareJid, formatJid, type Jid, parseJid } from './jid.js';
import { createOfflineStorage, type OfflineLimits, type OfflineStorage } from './offline.js';
import { kindOf, outgoingStanza } from './outgoing-stanza.js';
import { createPresence, type Delivery, type PresenceService } from './presence/index.js';
import type { Pressure } from './pressure.js';
import { type Route, type RoutingTable, route, routeToAccount } from './routing.js';
import { answerIq, type IqService, malformedIq } from './services.js';
import { type StanzaCondition, stanzaError } from './stanza-error.js';
import { readStored } from './stored-stanza.js';

export interface HubOptions {
  readonly domain: string;
  readonly accounts: Accounts;
  /** Seconds for which a session with push notifications is kept. Default: not longer than others. */
  readonly pushHibernationTime?: number;
  readonly onExpiry: OnExpiry;
  readonly offline?: OfflineLimits;
  /** Resources that an account may have bound; those of hibernating sessions count. */
  readonly maxResources: number;
  readonly clock: Clock;
  readonly pressure: Pressure;
  /** The policy of the sessions. */
  readonly policy?: Policy;
}

/** @param returned the message as a session returned it; undefined when no session had it */
export type OnStored = (account: string, message: Element, returned: Returned | undefined) => void;

/** Other domains. */
export interface Remote {
  /** Whether the host knows where the server of this domain is. */
  reaches(domain: string): boolean;
  /** @returns the session that takes the stanza */
  send(stanza: Element, kind: StanzaKind, domain: string): RunningSession | undefined;
}

export class Hub {
  readonly #options: HubOptions;
  /** A receiver of the present stanza whose queue is at a limit. */
  #fullReceiver: RunningSession | undefined;
  readonly #directory = createDirectory();
  readonly #clients = new BoundClients();
  readonly #offline: OfflineStorage;
  readonly #copies = createCopies();
  readonly #table: RoutingTable;
  readonly #presence: PresenceService;
  readonly #policy: Policy;
  #onExpiry: OnExpiry;
  #service: IqService | undefined;
  #onStored: OnStored | undefined;
  #remote: Remote | undefined;

  constructor(options: HubOptions) {
    const { domain, accounts, onExpiry, policy = defaultPolicy() } = options;
    this.#options = options;
    this.#policy = policy;
    this.#onExpiry = onExpiry;
    this.#offline = createOfflineStorage(options.offline);
    this.#table = {
      domain,
      accounts,
      directory: this.#directory,
      reaches: (remote) => this.#remote?.reaches(remote) ?? false,
    };
    this.#presence = createPresence(this.#table);
  }

  addService(service: IqService): void {
    this.#service = service;
  }

  /** Hears of every message that goes to offline storage. */
  addStoredListener(onStored: OnStored): void {
    this.#onStored = onStored;
  }

  /** A resource has got push notifications, or has none any more: its session is kept longer, unless its client asked for less (M-1). */
  pushChanged(name: string, hasPush: boolean): void {
    const policy = this.#policy;
    const { pushHibernationTime = 0 } = this.#options;
    const session = this.#clients.find(name)?.session;
    const isKept = session?.smId != null && ['enabled', 'hibernating'].includes(session.status);
    if (session === undefined || !isKept || session.state.session.max < policy.hibernationTime) return;
    session.keepFor(hasPush ? Math.max(policy.hibernationTime, pushHibernationTime) : policy.hibernationTime);
  }

  addRemote(remote: Remote): void {
    this.#remote = remote;
  }

  /**
   * Binds a resource, and closes the client that had it before.
   * @returns undefined when the account has too many other resources
   */
  bind(jid: Jid, session: ServerSession): BoundClient | undefined {
    const former = this.#clients.find(formatJid(jid));
    const { maxResources } = this.#options;
    if (former === undefined && countResources(this.#directory, jid) >= maxResources) return undefined;
    if (former !== undefined) this.#goOffline(former);
    const client = this.#clients.add(jid, session);
    bind(this.#directory, jid);
    if (former !== undefined) this.#replace(former, client);
    return client;
  }

  /** The client's session can be resumed by this SM-ID. */
  resumable(client: BoundClient, smId: string): void {
    this.#clients.addSmId(client, smId);
  }

  /** `session` continues the session with this SM-ID on another connection. */
  resumed(smId: string, session: ServerSession): BoundClient | undefined {
    return this.#clients.takeOver(smId, session);
  }

  /** The client has enabled stream management, or resumed: it gets what waits for it. */
  ready(client: BoundClient): void {
    client.backlog.isReady = true;
    this.#feed(client);
  }

  /** The client's session is over: its resource goes offline. */
  gone(client: BoundClient): void {
    this.#goOffline(client);
    this.#settleAll(client.backlog.inherited.splice(0), client.jid);
  }

  /** The host closes: every bound session ends. Returned stanzas go back to their senders, unless `onExpiry` is `drop`. */
  shutDown(): void {
    // Offline storage ends with the process.
    if (this.#onExpiry === 'offline') this.#onExpiry = 'return';
    for (const { session } of this.#clients.inClosingOrder()) session.close('system-shutdown');
  }

  /**
   * A stanza from a bound client.
   * @returns a receiver whose queue is at a limit: the client has to wait for room in it
   */
  accept(client: BoundClient, stanza: Element): RunningSession | undefined {
    this.#fullReceiver = undefined;
    this.#accept(client, stanza);
    return this.#fullReceiver;
  }

  #accept(client: BoundClient, stanza: Element): void {
    stanza.attrs.from = client.name;
    const malformed = stanza.getName() === 'iq' ? malformedIq(stanza) : undefined;
    if (malformed !== undefined) this.#deliver(client.name, malformed);
    else if (stanza.getName() === 'presence') this.#acceptPresence(client, stanza);
    else this.#dispatch(stanza, client);
  }

  /** A stanza from a server that is verified for the domain of the sender. @returns as `accept` */
  acceptRemote(stanza: Element): RunningSession | undefined {
    this.#fullReceiver = undefined;
    this.#acceptRemote(stanza);
    return this.#fullReceiver;
  }

  #acceptRemote(stanza: Element): void {
    const malformed = stanza.getName() === 'iq' ? malformedIq(stanza) : undefined;
    if (malformed !== undefined) this.#dispatch(malformed);
    // Only local users can subscribe to presence here.
    else if (stanza.getName() === 'presence' && stanza.attrs.type === 'subscribe')
      this.#bounce(stanza, 'feature-not-implemented');
    else this.#dispatch(stanza);
  }

  /** A stanza from the server itself. */
  send(stanza: Element): void {
    this.#dispatch(stanza);
  }

  /** Stanzas reached their client, whose queue may have room again. */
  acknowledged(stanzas: readonly Entry[], client: BoundClient | undefined): void {
    for (const { key } of stanzas) if (key !== null) this.#copies.arrived(key);
    if (client !== undefined) this.#feed(client);
  }

  /** The client's session returned stanzas: stanzas that were written without stream management, or all stanzas at its end. */
  returned(client: BoundClient, stanzas: readonly Returned[], reason: ReturnReason): void {
    if (reason === 'unmanaged') {
      this.acknowledged(stanzas, undefined);
      return;
    }
    const isMoving = client.session.status === 'superseded';
    const late = (): readonly Returned[] => stanzas.map((each) => this.#late(each));
    const over = isMoving ? this.#clients.keep(client, late(), this.#policy) : stanzas;
    if (isMoving && over.length === 0) return;
    // Every other reason means that the session is over, or ends as soon as its store has answered.
    this.gone(client);
    this.#end(client, over);
  }

  /** The client's session is superseded: the session that resumed it takes over in time, or the client is gone (design law 7). */
  moves(client: BoundClient): void {
    const { clock } = this.#options;
    // The store has `storeTimeout` while the peer waits, and once more when the peer is gone.
    const deadline = clock.now() + 2 * this.#policy.storeTimeout * 1000;
    const stranded = (): void => {
      const stanzas = this.#clients.strand(client);
      this.gone(client);
      this.#end(client, stanzas);
    };
    this.#clients.moves(client, clock.at(deadline, stranded));
  }

  /** The store gave a session of this account too late: its client is gone, or goes soon. */
  returnedLate(account: string, stanzas: readonly Returned[]): void {
    const jid = parseJid(account);
    if (jid !== undefined) this.#settleAll(stanzas, jid);
  }

  /** What is left of the queue of a client that is over: it goes to the client that replaced it, or is treated by `onExpiry`. */
  #end(client: BoundClient, stanzas: readonly Returned[]): void {
    const heir = this.#heirOf(client);
    for (const returned of stanzas) {
      if (heir !== undefined && isInherited(returned)) heir.backlog.inherited.push(returned);
      else this.#settle(returned, client.jid, this.#onExpiry);
    }
    if (heir !== undefined) this.#feed(heir);
  }

  #goOffline(client: BoundClient): void {
    if (!this.#clients.remove(client)) return;
    const deliveries = this.#presence.gone(client.jid);
    unbind(this.#directory, client.jid);
    this.#deliverAll(deliveries);
  }

  /** What waits for the former client goes to the one that replaces it, as it would if that one had resumed. */
  #replace(former: BoundClient, client: BoundClient): void {
    former.heir = client;
    client.backlog.inherited.push(...former.backlog.inherited.splice(0));
    former.session.close('conflict');
  }

  /** The client that has the resource now, when it replaced this one. */
  #heirOf({ heir }: BoundClient): BoundClient | undefined {
    return heir === undefined || this.#clients.has(heir) ? heir : this.#heirOf(heir);
  }

  /** Gives the client as much of its backlog as its queue has room for. */
  #feed(client: BoundClient): void {
    const { backlog, session } = client;
    const account = bareJid(client.jid);
    const waits = backlog.inherited.length > 0 || (backlog.takesStored && this.#offline.holds(account));
    if (!waits || !backlog.isReady || !this.#clients.has(client)) return;
    const room = roomIn(session, this.#policy);
    for (const { xml, kind, type, key } of takeInherited(backlog, room).map((stanza) => this.#late(stanza)))
      session.send({ xml, kind, type, key });
    if (!backlog.takesStored || backlog.inherited.length > 0) return;
    for (const message of this.#offline.take(account, (size) => room.take(size))) this.#deliver(client.name, message);
  }

  /** A stanza for another domain came back. */
  returnedRemote(stanza: Element, returned: Returned, condition: StanzaCondition): void {
    if (outcomeOf(returned, stanza, undefined, 'return') === 'bounce') this.#bounce(stanza, condition);
  }

  #settleAll(stanzas: readonly Returned[], jid: Jid): void {
    for (const returned of stanzas) this.#settle(returned, jid, this.#onExpiry);
  }

  #settle(returned: Returned, jid: Jid, onExpiry: OnExpiry): void {
    const stanza = readStored(returned.xml);
    if (stanza === undefined) return;
    if (returned.key !== null && !this.#copies.failed(returned.key)) return;
    switch (outcomeOf(returned, stanza, jid, onExpiry)) {
      case 'bounce':
        this.#bounce(stanza, 'recipient-unavailable');
        break;
      case 'deliver':
        this.#carryOut(
          routeToAccount(stanza, jid, this.#table),
          stampDelay(stanza, { from: this.#options.domain, stamp: returned.at }),
          undefined,
          returned,
        );
        break;
      case 'drop':
        break;
    }
  }

  /** The same stanza, which goes to a session later than it came (XEP-0203). */
  #late(stanza: Returned): Returned {
    return { ...stanza, xml: stampText(stanza, { from: this.#options.domain, stamp: stanza.at }) };
  }

  #acceptPresence(client: BoundClient, stanza: Element): void {
    const { jid } = client;
    this.#deliverAll(this.#presence.sent(jid, stanza));
    recordPresence(this.#directory, jid, stanza);
    const { to, type } = stanza.attrs;
    if (to !== undefined || (type !== undefined && type !== 'unavailable')) return;
    client.backlog.takesStored = type === undefined && priorityOf(stanza) >= 0;
    if (type === undefined) this.ready(client);
  }

  /** @param from the client that sent the stanza; undefined for a stanza from the server itself, or from another domain */
  #dispatch(stanza: Element, from?: BoundClient): void {
    this.#carryOut(route(stanza, this.#table), stanza, from);
  }

  /** @param returned the stanza as a session returned it */
  #carryOut(destination: Route, stanza: Element, from: BoundClient | undefined, returned?: Returned): void {
    switch (destination.type) {
      case 'deliver':
        this.#deliverCopies(destination.to, stanza);
        break;
      case 'offline':
        this.#store(stanza, destination.account, returned);
        break;
      case 'remote':
        this.#notice(this.#remote?.send(stanza, kindOf(stanza), destination.domain));
        break;
      case 'bounce':
        this.#bounce(stanza, destination.condition);
        break;
      case 'server':
        if (stanza.getName() === 'iq') this.#answer(stanza, from);
        break;
      case 'drop':
        break;
    }
  }

  #answer(iq: Element, from: BoundClient | undefined): void {
    const service = this.#service;
    const answer = service?.answer(iq) ?? answerIq(iq, this.#options.domain, service?.features);
    if (answer !== undefined) this.#deliver(from?.name ?? answer.attrs.to ?? '', answer);
  }

  #store(message: Element, account: string, returned: Returned | undefined): void {
    const { domain, clock } = this.#options;
    const stamped = stampDelay(message, { from: domain, stamp: clock.now() });
    if (this.#offline.store(account, stamped)) this.#onStored?.(account, stamped, returned);
    else this.#bounce(message, 'service-unavailable');
  }

  #bounce(stanza: Element, condition: StanzaCondition): void {
    const error = stanzaError(stanza, condition);
    if (error !== undefined) this.#dispatch(error);
  }

  #deliverAll(deliveries: readonly Delivery[]): void {
    for (const { to, stanza } of deliveries) this.#deliver(to, stanza);
  }

  #deliverCopies(to: readonly string[], stanza: Element): void {
    const key = to.length > 1 ? this.#copies.open(to.length) : undefined;
    for (const name of to) this.#deliver(name, stanza, key);
  }

  /** @param to the full JID of a local resource, or an address of another domain */
  #deliver(to: string, stanza: Element, key?: string): void {
    const session = this.#clients.find(to)?.session;
    if (session === undefined && this.#isRemote(to)) {
      this.#dispatch(stanza);
      return;
    }
    if (key !== undefined && session === undefined) this.#copies.arrived(key);
    session?.send(outgoingStanza(stanza, session, this.#options, key));
    this.#notice(session);
  }

  #notice(receiver: RunningSession | undefined): void {
    if (this.#options.pressure.isFull(receiver)) this.#fullReceiver = receiver;
  }

  #isRemote(to: string): boolean {
    const { domain } = this.#options;
    return this.#remote !== undefined && (parseJid(to)?.domain ?? domain) !== domain;
  }
}
