/**
 * What all sessions of the host share: who is bound, where a stanza goes, and what becomes of stanzas that nobody
 * acknowledged. Nothing here knows a connection.
 */

import { type Entry, hasTag, type Policy, type Returned, type ReturnReason, type StanzaKind } from '../index.js';
import type { Clock } from '../ports/index.js';
import type { RunningSession } from '../session/running-session.js';
import { type Element, stampDelay } from '../xml.js';
import type { Accounts } from './accounts.js';
import { createCopies } from './copies.js';
import { bind, countResources, createDirectory, priorityOf, recordPresence, unbind } from './directory.js';
import { afterlife, type OnExpiry } from './expiry.js';
import { handOver, kindOf } from './hand-over.js';
import { bareJid, formatJid, type Jid, parseJid } from './jid.js';
import { createOfflineStorage } from './offline.js';
import { NO_PRESENCES, presenceSent, resourceGone } from './presence.js';
import { NS_PUSH, type PushService } from './push/index.js';
import { type RoutingTable, route } from './routing.js';
import { answerIq, malformedIq } from './services.js';
import { type StanzaCondition, stanzaError } from './stanza-error.js';
import { readStored } from './stored-stanza.js';

/** A bound resource and the session that runs it. A resumption puts another running session in its place. */
export interface UserSession {
  readonly jid: Jid;
  /** The full JID. */
  readonly name: string;
  running: RunningSession;
  /** Stanzas that came while the session moved from one link to the other. */
  readonly inTransit: Returned[];
}

export interface HubOptions {
  readonly domain: string;
  readonly accounts: Accounts;
  readonly policy: Policy;
  readonly onExpiry: OnExpiry;
  /** Resources an account may have bound, those of hibernating sessions included. */
  readonly maxResources: number;
  readonly clock: Clock;
  readonly push?: PushService | undefined;
  /** The way to other domains, if there is one. */
  readonly remote?: Remote;
}

export interface Remote {
  reaches(domain: string): boolean;
  send(stanza: Element, kind: StanzaKind, domain: string): void;
}

export interface Hub {
  readonly options: HubOptions;
  /**
   * Binds a resource; whoever had it before is closed.
   * @returns undefined when its account has too many others
   */
  bind(jid: Jid, running: RunningSession): UserSession | undefined;
  /** A stanza from a bound client. */
  accept(user: UserSession, stanza: Element): void;
  /** A stanza from the server itself. */
  send(stanza: Element): void;
  /** A stanza from a server that is verified for its sender's domain. */
  acceptRemote(stanza: Element): void;
  /** A stanza for another domain came back. */
  returnedRemote(stanza: Element, returned: Returned, condition: StanzaCondition): void;
  /** The session can be found again by this SM-ID. */
  resumable(user: UserSession, smId: string): void;
  /** The session behind an SM-ID moved to another link. */
  moved(smId: string, running: RunningSession): UserSession | undefined;
  /** Stanzas reached their client. */
  acknowledged(stanzas: readonly Entry[]): void;
  /** Stanzas came back: refused, in transit, or left over by a session that is over. */
  returned(user: UserSession, stanzas: readonly Returned[], reason: ReturnReason): void;
  /** The session is over: its resource goes offline. */
  gone(user: UserSession): void;
  /** The host closes: ends every bound session. What they leave over goes back to its senders, unless it is dropped. */
  shutDown(): void;
}

export const createHub = (options: HubOptions): Hub => {
  const { domain, accounts, clock, push, remote } = options;
  const directory = createDirectory();
  const table: RoutingTable = { domain, accounts, directory, ...(remote && { reaches: remote.reaches }) };
  const offline = createOfflineStorage();
  const copies = createCopies();
  const sessions = new Map<string, UserSession>();
  const bySmId = new Map<string, UserSession>();
  let presences = NO_PRESENCES;
  let { onExpiry } = options;

  const deliver = (to: string, stanza: Element, key?: string): void => {
    const running = sessions.get(to)?.running;
    if (running === undefined && isAway(to)) {
      dispatch(stanza);
      return;
    }
    // Nobody will tell what becomes of it: it counts as arrived.
    if (key !== undefined && (running === undefined || hasTag(running.state, 'uncounted'))) copies.arrived(key);
    if (running !== undefined) handOver(stanza, running, options, key);
  };

  const isAway = (to: string): boolean => remote !== undefined && (parseJid(to)?.domain ?? domain) !== domain;

  const deliverToAll = (to: readonly string[], stanza: Element): void => {
    const key = to.length > 1 ? copies.open(to.length) : undefined;
    for (const name of to) deliver(name, stanza, key);
  };

  const dispatch = (stanza: Element, from?: UserSession): void => {
    const destination = route(stanza, table);
    switch (destination.type) {
      case 'deliver':
        deliverToAll(destination.to, stanza);
        break;
      case 'offline':
        if (!offline.store(destination.account, stampDelay(stanza, { from: domain, stamp: clock.now() })))
          bounce(stanza, 'service-unavailable');
        break;
      case 'remote':
        remote?.send(stanza, kindOf(stanza), destination.domain);
        break;
      case 'bounce':
        bounce(stanza, destination.condition);
        break;
      case 'server': {
        if (stanza.getName() !== 'iq') break;
        const answer = push?.answer(stanza) ?? answerIq(stanza, domain, push && [NS_PUSH]);
        if (answer !== undefined) deliver(from?.name ?? answer.attrs.to ?? '', answer);
        break;
      }
      case 'drop':
        break;
    }
  };

  const bounce = (stanza: Element, condition: StanzaCondition): void => {
    const error = stanzaError(stanza, condition);
    if (error !== undefined) dispatch(error);
  };

  const bury = (returned: Returned, stanza: Element, { jid }: UserSession, fate: OnExpiry): void => {
    if (returned.key !== null && !copies.failed(returned.key)) return;
    switch (afterlife(returned, stanza, jid, fate)) {
      case 'bounce':
        bounce(stanza, 'recipient-unavailable');
        break;
      case 'deliver':
        stanza.attrs.to = bareJid(jid);
        dispatch(stampDelay(stanza, { from: domain, stamp: returned.at }));
        break;
      case 'drop':
        break;
    }
  };

  const acceptPresence = (user: UserSession, stanza: Element): void => {
    const [after, deliveries] = presenceSent(presences, table, user.jid, stanza);
    presences = after;
    for (const { to, stanza: told } of deliveries) deliver(to, told);
    recordPresence(directory, user.jid, stanza);
    const isAvailable = stanza.attrs.to === undefined && stanza.attrs.type === undefined;
    // XEP-0160: to a resource that takes messages for the account.
    if (!isAvailable || priorityOf(stanza) < 0) return;
    for (const message of offline.take(bareJid(user.jid))) deliver(user.name, message);
  };

  const gone = (user: UserSession): void => {
    const { status, smId } = user.running;
    if (status !== 'superseded') bySmId.delete(smId ?? '');
    if (sessions.get(user.name) !== user) return;
    sessions.delete(user.name);
    const [after, deliveries] = resourceGone(presences, table, user.jid);
    presences = after;
    unbind(directory, user.jid);
    for (const { to, stanza } of deliveries) deliver(to, stanza);
  };

  return {
    options,
    bind(jid, running) {
      const name = formatJid(jid);
      const former = sessions.get(name);
      if (former === undefined && countResources(directory, jid) >= options.maxResources) return undefined;
      former?.running.close('conflict');
      if (former !== undefined) gone(former);
      const user: UserSession = { jid, name, running, inTransit: [] };
      sessions.set(name, user);
      bind(directory, jid);
      return user;
    },
    accept(user, stanza) {
      stanza.attrs.from = user.name;
      const malformed = stanza.getName() === 'iq' ? malformedIq(stanza) : undefined;
      if (malformed !== undefined) deliver(user.name, malformed);
      else if (stanza.getName() === 'presence') acceptPresence(user, stanza);
      else dispatch(stanza, user);
    },
    send: (stanza) => dispatch(stanza),
    acceptRemote(stanza) {
      const malformed = stanza.getName() === 'iq' ? malformedIq(stanza) : undefined;
      if (malformed !== undefined) dispatch(malformed);
      else if (isSubscription(stanza)) bounce(stanza, 'feature-not-implemented');
      else dispatch(stanza);
    },
    returnedRemote(stanza, returned, condition) {
      if (afterlife(returned, stanza, undefined, 'return') === 'bounce') bounce(stanza, condition);
    },
    resumable(user, smId) {
      bySmId.set(smId, user);
    },
    moved(smId, running) {
      const user = bySmId.get(smId);
      if (user === undefined) return undefined;
      user.running = running;
      for (const { xml, kind, type, key } of user.inTransit.splice(0)) running.send({ xml, kind, type, key });
      // Its resource was bound anew while it moved.
      if (sessions.get(user.name) !== user) running.close('conflict');
      return user;
    },
    acknowledged(stanzas) {
      for (const { key } of stanzas) if (key !== null) copies.arrived(key);
    },
    returned(user, stanzas, reason) {
      if (user.running.status === 'superseded') {
        user.inTransit.push(...stanzas);
        return;
      }
      // Every other reason is that of a session which is over, or goes as soon as its store has answered.
      const isFull = reason === 'queueFull';
      if (!isFull) gone(user);
      for (const returned of stanzas) {
        const stanza = readStored(returned.xml);
        if (stanza !== undefined) bury(returned, stanza, user, isFull ? 'return' : onExpiry);
      }
    },
    gone,
    shutDown() {
      // Offline storage ends with the process.
      if (onExpiry === 'offline') onExpiry = 'return';
      // Those with nothing left over come last, so that they hear what becomes of what they sent.
      const inTurn = [...sessions.values()].sort((a, b) => turn(a.running) - turn(b.running));
      for (const { running } of inTurn) running.close('system-shutdown');
    },
  };
};

/** A contact of another domain asks for what only local users have here. */
const isSubscription = (stanza: Element): boolean =>
  stanza.getName() === 'presence' && stanza.attrs.type === 'subscribe';

/** When a session ends at a shutdown. */
const turn = ({ status, counters }: RunningSession): number => {
  if (status === 'hibernating') return 0;
  return counters.unacked > 0 ? 1 : 2;
};
