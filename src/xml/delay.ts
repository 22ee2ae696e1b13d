/** XEP-0203: a stanza that is sent again carries the time of its first sending. */
import { check, checkElement, checkObject } from '../arguments/check.js';
import { clone, Element } from './element.js';

export const DELAY = 'urn:xmpp:delay';

export interface Delay {
  /** The JID of the entity that adds the stamp: a client's session or the server. Leave it out in groupchat: it would leak. */
  readonly from?: string;
  /** The time of the first attempt, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly stamp: number;
}

/**
 * Adds a delay stamp to a message or presence.
 *
 * @returns a stamped copy; or `element` itself, unchanged, when it is neither message nor presence (an IQ never gets a
 * stamp) or already has a stamp: the oldest stamp is correct
 * @throws TypeError that names the argument
 * @throws RangeError when a Date cannot hold the time of `stamp`
 */
export const stampDelay = (element: Element, delay: Delay): Element => {
  checkElement('element', element);
  checkObject('delay', delay);
  check(typeof delay.stamp === 'number', 'delay.stamp', 'a time in milliseconds', delay.stamp);
  const name = element.getName();
  if ((name !== 'message' && name !== 'presence') || element.getChild('delay', DELAY)) return element;
  const from = element.attrs.type === 'groupchat' ? undefined : delay.from;
  const stamp = new Date(delay.stamp).toISOString();
  const stamped = clone(element);
  stamped.cnode(new Element('delay', { xmlns: DELAY, ...(from !== undefined && { from }), stamp }));
  return stamped;
};
