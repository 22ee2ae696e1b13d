/**
 * In xmpp.js 0.14, a login on a lost connection keeps listening. It would answer the server's challenge on the next connection,
 * in place of the new login, and would write an answer there that it was still computing.
 */
import type { Element } from '../../xml.js';
import type { Entity } from './entity.js';
import { isSasl } from './features.js';

export interface UnfinishedLogin {
  /** The server sent this element. */
  received(element: Element): void;
  /** Whether the element is the answer of an old login, which the adapter must not write. */
  isStale(element: Element): boolean;
}

export const forgetUnfinishedLogins = (entity: Entity): UnfinishedLogin => {
  let others: readonly unknown[] = [];
  let authenticated = false;
  let asked: string | undefined;
  entity.prependListener('connect', () => {
    others = entity.listeners('nonza');
    authenticated = false;
    asked = undefined;
  });
  entity.prependListener('disconnect', () => {
    if (authenticated) return;
    for (const listener of entity.listeners('nonza')) {
      if (!others.includes(listener)) entity.removeListener('nonza', listener);
    }
  });
  return {
    received(element) {
      if (isSasl(element, 'success')) authenticated = true;
      if (isSasl(element, 'challenge')) asked = nonceOf(element);
    },
    isStale: (element) => isSasl(element, 'response') && nonceOf(element) !== asked,
  };
};

/** The nonce of SCRAM (RFC 5802 section 5.1), which an answer repeats from its challenge; '' when the text has no nonce. */
const nonceOf = (element: Element): string => {
  try {
    return /(?:^|,)r=([^,]*)/.exec(atob(element.getText()))?.[1] ?? '';
  } catch {
    return '';
  }
};
