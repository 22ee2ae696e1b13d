/** XEP-0203: what is sent again says when it was sent first. */
import { clone, Element } from './element.js';

const DELAY = 'urn:xmpp:delay';

export interface Delay {
  /** Who stamps: the JID of a client's session or of the server. Left out on groupchat messages, where it would leak. */
  readonly from?: string;
  /** The time of the first attempt, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly stamp: number;
}

/**
 * A message or presence with a delay stamp added.
 *
 * @returns a stamped copy; or `element` itself, untouched, when it is neither message nor presence (an IQ is never
 * stamped) or has a stamp already: the oldest is the true one
 * @throws RangeError when `stamp` is no time that a Date can hold
 */
export const stampDelay = (element: Element, delay: Delay): Element => {
  const name = element.getName();
  if ((name !== 'message' && name !== 'presence') || element.getChild('delay', DELAY)) return element;
  const from = element.attrs.type === 'groupchat' ? undefined : delay.from;
  const stamp = new Date(delay.stamp).toISOString();
  const stamped = clone(element);
  stamped.cnode(new Element('delay', { xmlns: DELAY, ...(from !== undefined && { from }), stamp }));
  return stamped;
};
