/**
 * Push notifications (XEP-0357), after Prosody's mod_cloud_notify: an example of the use of a session's reports. It
 * gets the same reports as every embedder, and sends stanzas through the hub. A registration outlives its session.
 *
 * A message causes one notification: when its acknowledgement is late, when its session hibernates with it in the queue, when
 * it comes while the session hibernates, or when it goes to offline storage. A registration counts the stanzas that need no further notification,
 * from the oldest stanza of the queue on, because a queue is acknowledged in order.
 */
import type { Report, Returned } from '../../index.js';
import { Element } from '../../xml.js';
import { bareJid, formatJid, parseJid } from '../jid.js';
import type { IqService } from '../services.js';
import { stanzaError, swappedAddresses } from '../stanza-error.js';
import { fieldsOf, NS_FORM } from './notification.js';
import { createNotifier, type NotifierOptions } from './notifier.js';
import { createRegistrations, type Destination } from './registrations.js';

export const NS_PUSH = 'urn:xmpp:push:0';

export interface PushService extends IqService {
  /** @param session the full JID */
  hear(session: string, report: Report): void;
  /**
   * A message went to offline storage: the devices of the account are told of it, except one that was told while it waited in a session.
   * @param returned the message as a session returned it
   */
  stored(account: string, message: Element, returned: Returned | undefined): void;
  /**
   * @param iq for the server or for the sender's own account
   * @returns the answer to `<enable/>` and `<disable/>`; undefined for an app server's answer to a notification, and for
   * requests that are not about push
   */
  answer(iq: Element): Element | undefined;
}

/** Errors in a row that end a registration: mod_cloud_notify's push_max_errors. */
const MAX_ERRORS = 16;
/** The greatest number of characters of a JID, a node and a form together, which limits the memory of a registration. */
const MAX_SIZE = 4096;

export interface PushOptions extends NotifierOptions {
  /** A session has got push, or has lost it: a push service can wake its client, so the session may be kept longer. */
  changed(session: string, hasPush: boolean): void;
}

export const createPush = (options: PushOptions): PushService => {
  const registrations = createRegistrations((session, hasPush) => options.changed(session, hasPush));
  const { hear, stored } = createNotifier(options, registrations);

  const enable = (iq: Element, request: Element): Element | undefined => {
    const { session, account } = senderOf(iq);
    const destination = destinationOf(request);
    if (destination === undefined || [session, account].includes(destination.jid))
      return stanzaError(iq, 'bad-request');
    if (JSON.stringify(destination).length > MAX_SIZE) return stanzaError(iq, 'not-acceptable');
    registrations.enable(account, session, destination);
    return result(iq);
  };

  const disable = (iq: Element, request: Element): Element | undefined => {
    const jid = jidOf(request);
    if (jid === undefined) return stanzaError(iq, 'bad-request');
    registrations.disable(senderOf(iq).account, jid, request.attrs.node);
    return result(iq);
  };

  /** Temporary errors do not count. */
  const takeOutcome = (iq: Element): void => {
    const { id = '', from, type } = iq.attrs;
    const registration = registrations.byId(id.slice(0, id.lastIndexOf('/')));
    if (registration === undefined || registration.jid !== from) return;
    if (type === 'result') registration.errors = 0;
    else if (iq.getChild('error')?.attrs.type !== 'wait') registration.errors += 1;
    if (registration.errors >= MAX_ERRORS) registrations.remove(registration);
  };

  return {
    features: [NS_PUSH],
    hear(session, report) {
      const registration = registrations.ofSession(accountOf(session), session);
      if (registration === undefined) return;
      hear(registration, report);
      if (report.type === 'enabled') options.changed(session, true);
    },
    stored,
    answer(iq) {
      if (iq.attrs.type === 'result' || iq.attrs.type === 'error') takeOutcome(iq);
      const [request] = iq.getChildElements();
      if (iq.attrs.type !== 'set' || request === undefined || !isForOwnAccount(iq)) return undefined;
      if (request.is('enable', NS_PUSH)) return enable(iq, request);
      return request.is('disable', NS_PUSH) ? disable(iq, request) : undefined;
    },
  };
};

const destinationOf = (request: Element): Destination | undefined => {
  const jid = jidOf(request);
  const form = request.getChild('x', NS_FORM);
  return jid === undefined ? undefined : { jid, node: request.attrs.node, options: form ? fieldsOf(form) : [] };
};

const jidOf = ({ attrs: { jid } }: Element): string | undefined => normal(jid ?? '');

const isForOwnAccount = (iq: Element): boolean =>
  iq.attrs.to === undefined || normal(iq.attrs.to) === senderOf(iq).account;

const normal = (address: string): string | undefined => {
  const jid = parseJid(address);
  return jid && formatJid(jid);
};

const senderOf = ({ attrs: { from = '' } }: Element) => ({ session: from, account: accountOf(from) });

const accountOf = (full: string): string => {
  const jid = parseJid(full);
  return jid === undefined ? '' : bareJid(jid);
};

const result = (iq: Element): Element => new Element('iq', { ...swappedAddresses(iq), type: 'result' });
