/** Sends a notification when a report of a session says that a message waits. */
import type { Entry, Report, Returned } from '../../index.js';
import type { Element } from '../../xml.js';
import { needsPush, wakes } from './needs-push.js';
import { notification } from './notification.js';
import type { Registration, Registrations } from './registrations.js';

export interface NotifierOptions {
  /** The sender of the notifications. */
  readonly domain: string;
  /** Routes a stanza. */
  send(stanza: Element): void;
}

export interface Notifier {
  /** Takes a report of a session with a registration. */
  hear(registration: Registration, report: Report): void;
  /** @param returned the same message as a session returned it, when it was in the queue of a session */
  stored(account: string, message: Element, returned: Returned | undefined): void;
}

export const createNotifier = ({ domain, send }: NotifierOptions, registrations: Registrations): Notifier => {
  /** Returned stanzas, each with the registration that was told of it while its session had it. */
  const told = new WeakMap<Returned, Registration>();

  const publish = (registration: Registration, count: number): void => {
    registration.published += 1;
    send(notification(registration, domain, count));
  };

  const notify = (registration: Registration, stanzas: readonly Entry[]): void => {
    const count = stanzas.filter((stanza) => needsPush(stanza, registration.account)).length;
    if (count > 0) publish(registration, count);
  };

  /** @param queue oldest first */
  const notifyOfRest = (registration: Registration, queue: readonly Entry[]): void => {
    const rest = queue.slice(registration.notified);
    registration.notified = queue.length;
    notify(registration, rest);
  };

  const hear = (registration: Registration, report: Report): void => {
    switch (report.type) {
      case 'ackDelayed':
      case 'hibernationStart':
        notifyOfRest(registration, report.stanzas);
        break;
      case 'stanzaQueued':
        registration.notified += 1;
        notify(registration, [report.stanza]);
        break;
      case 'acknowledged':
        registration.notified = Math.max(0, registration.notified - report.stanzas.length);
        break;
      case 'superseded':
        registration.moving = true;
        break;
      case 'resumed':
        registration.moving = false;
        break;
      case 'returned':
        for (const stanza of report.stanzas.slice(0, registration.notified)) told.set(stanza, registration);
        break;
      case 'ended':
        // The queue ended with the session, and the registration did not.
        if (!registration.moving) registration.notified = 0;
    }
  };

  return {
    hear,
    stored(account, message, returned) {
      if (!wakes(message, account)) return;
      const before = returned && told.get(returned);
      for (const registration of registrations.ofAccount(account))
        if (registration !== before) publish(registration, 1);
    },
  };
};
