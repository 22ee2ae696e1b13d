/** What is in a message for its reader, so far as a server can tell. */
import type { Element } from '../xml/index.js';

/** Children that stand for something to see; with no name, every child in the namespace. What is encrypted may be anything. */
const CONTENT: readonly (readonly [name: string | undefined, namespace: string])[] = [
  ['encryption', 'urn:xmpp:eme:0'],
  ['encrypted', 'eu.siacs.conversations.axolotl'],
  ['encrypted', 'urn:xmpp:omemo:1'],
  ['encrypted', 'urn:xmpp:omemo:2'],
  ['openpgp', 'urn:xmpp:openpgp:0'],
  ['x', 'jabber:x:encrypted'],
  ['x', 'jabber:x:conference'],
  [undefined, 'urn:xmpp:jingle-message:0'],
  [undefined, 'urn:xmpp:jingle-message:1'],
];

/** A body, a subject, an invitation, a call, or something encrypted. */
export const saysSomething = (message: Element): boolean =>
  has(message, 'body') ||
  has(message, 'subject') ||
  isInvitation(message) ||
  CONTENT.some(([name, xmlns]) => has(message, name, xmlns));

/** The message inside a carbon of one that was received (XEP-0280), or the message itself. */
export const unwrapped = (message: Element): Element =>
  message
    .getChild('received', 'urn:xmpp:carbons:2')
    ?.getChild('forwarded', 'urn:xmpp:forward:0')
    ?.getChild('message') ?? message;

/** A mediated one (XEP-0045 section 7.8.2). */
const isInvitation = (message: Element): boolean => {
  const x = message.getChild('x', 'http://jabber.org/protocol/muc#user');
  return x !== undefined && has(x, 'invite');
};

const has = (parent: Element, name: string | undefined, xmlns?: string): boolean =>
  parent
    .getChildElements()
    .some(
      (child) => (name === undefined || child.getName() === name) && (xmlns === undefined || child.getNS() === xmlns),
    );
