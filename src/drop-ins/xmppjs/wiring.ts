/** Ties a client of xmpp.js to its sessions: events of the one are told to the other. */
import { peerViolation } from '../../client.js';
import type { Clock } from '../../ports/index.js';
import { type Element, readSuccess, SASL_2, STREAMS } from '../../xml.js';
import type { Entity } from './entity.js';
import { isFeatures, isSasl, stanzaKind, takeOffer } from './features.js';
import type { IdleProbe } from './idle-probe.js';
import { hearSuccess, isForAnotherStream } from './inline.js';
import { lastAcks } from './last-acks.js';
import { serialise } from './outbox.js';
import type { Ticket } from './receipt.js';
import type { Sessions } from './sessions.js';
import { XmppStream } from './stream.js';
import type { UnfinishedLogin } from './unfinished-login.js';

/** Our listeners go first: when the application hears of something, the session knows it already. */
export const followConnection = (entity: Entity, sessions: Sessions, clock: Clock, idle: IdleProbe): void => {
  let boundJid = '';
  entity.prependListener('connect', () => {
    sessions.attach(new XmppStream(entity, clock, sessions.wrote));
    sessions.stream?.guard(entity.socket);
    idle.start();
  });
  entity.prependListener('open', () => sessions.stream?.guard(entity.socket)); // STARTTLS has put another one in place
  entity.prependListener('opening', () => {
    // What waited for STARTTLS opens a stream although the connection is gone: xmpp.js would wait for the answer, for ever.
    if (sessions.stream !== undefined) return;
    const reason = new Error('the connection is gone');
    queueMicrotask(() => entity._status('disconnect', { clean: false, reason }));
  });
  entity.prependListener('online', () => {
    boundJid = String(entity.jid);
    if (sessions.stream?.isBound) return; // the session knows it from the answer to the login
    sessions.current.bound();
    enableIf(sessions, sessions.stream?.offered ?? false);
  });
  entity.prependListener('close', () => {
    if (sessions.stream?.isOpen) sessions.stream.handle?.closed();
  });
  entity.prependListener('disconnect', () => {
    idle.stop();
    sessions.detach();
  });
  sessions.reports.add((report) => {
    if (report.type !== 'resumed') return;
    entity._jid(boundJid);
    entity._ready(true);
  });
};

/** What arrives, in wire order: the session sees it before xmpp.js does, and xmpp.js only what is its business. */
export const takeInput = (
  entity: Entity,
  sessions: Sessions,
  passOn: (element: Element) => void,
  idle: IdleProbe,
  login: UnfinishedLogin,
): void => {
  let held: Element | undefined;
  // One client is one account: what xmpp.js knows of it changes when a resource is bound, and must not look like another.
  let owner: string | undefined;
  entity._onElement = (element) => {
    idle.heard();
    login.received(element);
    const { stream } = sessions;
    if (stream === undefined) return passOn(element);
    if (isFeatures(element)) return negotiate(stream, element);
    if (isSasl(element, 'success')) {
      owner ??= bareOf(readSuccess(element).jid) || String(entity.jid?.bare() ?? UNKNOWN);
      if (element.is('success', SASL_2)) hearSuccess(element, sessions, stream, owner);
      else sessions.current.authenticated(owner);
    }
    const isTaken = stream.handle?.receive(element);
    if (!isTaken || element.is('error', STREAMS)) passOn(element); // xmpp.js closes the stream after an error
    // It would leave the connection as it is, and a session waiting that may well be had with the next login.
    if (isSasl(element, 'failure') && sessions.current.status === 'hibernating') stream.destroy();
  };

  /** Asks for the session in place of binding; xmpp.js does not see the features before that has failed. */
  const negotiate = (stream: XmppStream, features: Element): void => {
    if (features.getChild('authentication', SASL_2)) sessions.current.authenticating();
    stream.offered = takeOffer(features);
    held = undefined;
    // The login has bound the resource, and did not ask.
    if (sessions.current.canEnable) enableIf(sessions, stream.offered);
    if (stream.offered && sessions.current.canResume) {
      held = features;
      sessions.current.resume();
    } else passOn(features);
  };

  sessions.reports.add((report) => {
    if (report.type === 'resumptionFailed' && held !== undefined) passOn(held);
  });

  entity._streamError = (condition) =>
    sessions.stream?.handle?.violated(peerViolation('not-well-formed', `the XML cannot be read: ${condition}`));
};

const enableIf = ({ current }: Sessions, isOffered: boolean): void => {
  if (isOffered) current.enable();
  else current.decline();
};

/** The account, where xmpp.js learns its JID when it binds. */
const UNKNOWN = 'the account of this client';

const bareOf = (jid: string | undefined): string | undefined => jid?.split('/')[0];

/**
 * What is sent: stanzas through the session's queue, the rest beside the count. Nothing is written around the session.
 *
 * @returns how the application sends a stanza when it wants the receipt
 */
export const takeOutput = (
  entity: Entity,
  sessions: Sessions,
  login: UnfinishedLogin,
  clock: Clock,
): ((stanza: Element) => Ticket) => {
  let misuses = 0;
  sessions.reports.add((report) => {
    if (report.type === 'misuse') misuses += 1;
  });

  const negotiate = (element: Element): void => {
    const before = misuses;
    if (!sessions.stream?.isOpen)
      throw new Error(`<${element.name}/> is no stanza, and there is no stream to write it to`);
    sessions.current.writeUncounted(serialise(element));
    if (misuses > before) throw new Error(`<${element.name}/> cannot be written in the present state of the stream`);
    entity.emit('send', element);
  };
  const send = (stanza: Element): Ticket => {
    const ticket = sessions.send(stanza);
    if (ticket.error?.written !== false) entity.emit('send', stanza);
    return ticket;
  };

  entity.send = async (element) => {
    if (login.isStale(element) || isForAnotherStream(element, sessions.stream)) return new Promise(() => {}); // whoever waits for this has lost its stream
    if (stanzaKind(element) === undefined) return negotiate(element);
    const { error } = send(element);
    if (error?.written === false) throw error;
  };
  entity.sendMany = async (elements) => {
    await Promise.all(Array.from(elements, (element) => entity.send(element)));
  };

  const stop = entity.stop.bind(entity);
  const close = (): Promise<unknown> => {
    sessions.current.close();
    return stop();
  };
  entity.stop = () => (sessions.awaitAcks ? lastAcks(sessions, clock).then(close) : close());
  entity.hook('close', () => {
    const { stream } = sessions;
    stream?.left();
    if (stream?.isOpen) sessions.current.close();
  });
  return send;
};
