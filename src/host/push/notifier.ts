/** Sends a notification when a report of a session says that a message waits. */
import type { Entry, Report } from '../../index.js';
import type { Element } from '../../xml.js';
import { needsPush } from './needs-push.js';
import { notification } from './notification.js';
import type { Registration, Registrations } from './registrations.js';

export interface NotifierOptions {
  /** The sender of the notifications. */
  readonly domain: string;
  /** Routes a stanza. */
  send(stanza: Element): void;
}

/** @returns a function that takes the reports of a session with a registration */
export const createNotifier = ({ domain, send }: NotifierOptions, registrations: Registrations) => {
  const notify = (registration: Registration, stanzas: readonly Entry[]): void => {
    const count = stanzas.filter((stanza) => needsPush(stanza, registration.account)).length;
    if (count === 0) return;
    registration.published += 1;
    send(notification(registration, domain, count));
  };

  /** @param queue oldest first */
  const notifyOfRest = (registration: Registration, queue: readonly Entry[]): void => {
    const rest = queue.slice(registration.notified);
    registration.notified = queue.length;
    notify(registration, rest);
  };

  return (registration: Registration, report: Report): void => {
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
      case 'ended':
        if (!registration.moving) registrations.remove(registration);
    }
  };
};
