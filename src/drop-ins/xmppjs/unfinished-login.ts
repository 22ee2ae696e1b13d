/**
 * A login that a lost connection cut off, in xmpp.js 0.14, goes on listening and would answer the server's next challenge, on the
 * next connection, in place of the login that is meant; and what it was still computing it would write there.
 */
import type { Element } from '../../xml.js';
import type { Entity } from './entity.js';
import { isSasl } from './features.js';

export interface UnfinishedLogin {
  /** The server sent this. */
  received(element: Element): void;
  /** Whether this is the answer of a login that is over: it must not be written. */
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

/** The nonce of SCRAM (RFC 5802 section 5.1), which an answer repeats from its challenge; '' when there is none. */
const nonceOf = (element: Element): string => {
  try {
    return /(?:^|,)r=([^,]*)/.exec(atob(element.getText()))?.[1] ?? '';
  } catch {
    return '';
  }
};
