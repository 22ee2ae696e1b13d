/** Connects a client of xmpp.js with its sessions: passes events in both directions. */
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

/** Our listeners come first, so that the session knows of an event before the application. */
export const followConnection = (entity: Entity, sessions: Sessions, clock: Clock, idle: IdleProbe): void => {
  let boundJid = '';
  entity.prependListener('connect', () => {
    sessions.attach(new XmppStream(entity, clock, sessions.wrote));
    sessions.stream?.guard(entity.socket);
    idle.start();
  });
  entity.prependListener('open', () => sessions.stream?.guard(entity.socket)); // STARTTLS has replaced the socket
  entity.prependListener('opening', () => {
    // After STARTTLS xmpp.js opens a stream even if the connection is gone, and would wait for the answer without end.
    if (sessions.stream !== undefined) return;
    const reason = new Error('the connection is gone');
    queueMicrotask(() => entity._status('disconnect', { clean: false, reason }));
  });
  entity.prependListener('online', () => {
    boundJid = String(entity.jid);
    if (sessions.stream?.isBound) return; // the answer to the login has told the session
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

/** Takes the input in wire order: the session gets an element first; xmpp.js gets only elements outside stream management. */
export const takeInput = (
  entity: Entity,
  sessions: Sessions,
  passOn: (element: Element) => void,
  idle: IdleProbe,
  login: UnfinishedLogin,
): void => {
  let held: Element | undefined;
  // One client is one account: the JID in xmpp.js changes when a resource is bound, and must not look like another account.
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
    // xmpp.js would keep the connection, while a session waits that the next login may resume.
    if (isSasl(element, 'failure') && sessions.current.status === 'hibernating') stream.destroy();
  };

  /** Asks to resume the session before a bind; xmpp.js gets the features only after resumption has failed. */
  const negotiate = (stream: XmppStream, features: Element): void => {
    if (features.getChild('authentication', SASL_2)) sessions.current.authenticating();
    stream.offered = takeOffer(features);
    held = undefined;
    // The login has bound the resource without a request to enable.
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

/** The owner when xmpp.js does not know the JID before the bind. */
const UNKNOWN = 'the account of this client';

const bareOf = (jid: string | undefined): string | undefined => jid?.split('/')[0];

/**
 * Takes the output: stanzas go through the queue of the session, other elements are not counted. All output goes through the session.
 *
 * @returns the function by which the application sends a stanza and gets its receipt
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
    if (login.isStale(element) || isForAnotherStream(element, sessions.stream)) return new Promise(() => {}); // the caller has lost its stream
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
