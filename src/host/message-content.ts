/** The kinds of content of a message, as far as a server can read them. */
import type { Element } from '../xml.js';

/** The message has visible content: a body, a subject, an invitation, a call, or encrypted content, which may be anything. */
export const saysSomething = (message: Element): boolean =>
  message.getChild('body') !== undefined ||
  message.getChild('subject') !== undefined ||
  isInvitation(message) ||
  isCall(message) ||
  isEncrypted(message);

export const hasText = (message: Element): boolean => (message.getChildText('body') ?? '') !== '';

/** Explicit encryption (XEP-0380), OMEMO, OpenPGP for XMPP, or the old OpenPGP: an encrypted message may have no body. */
export const isEncrypted = (message: Element): boolean =>
  [
    ['encryption', 'urn:xmpp:eme:0'],
    ['encrypted', 'eu.siacs.conversations.axolotl'],
    ['encrypted', 'urn:xmpp:omemo:1'],
    ['encrypted', 'urn:xmpp:omemo:2'],
    ['openpgp', 'urn:xmpp:openpgp:0'],
    ['x', 'jabber:x:encrypted'],
  ].some(([name = '', namespace]) => message.getChild(name, namespace) !== undefined);

/**
 * A chat state that stands alone (XEP-0085 section 2), or only with a thread, a delay stamp, or hints other than `store`
 * (XEP-0334). A late chat state has no meaning.
 */
export const isChatState = (message: Element): boolean => {
  const content = message.getChildElements().filter((child) => !isAside(child));
  return message.attrs.type === 'chat' && content.length > 0 && content.every((child) => child.getNS() === CHAT_STATES);
};

/**
 * The sender does not want the message stored (XEP-0334). The hint against permanent stores counts too: a server does not know how long
 * a message waits in its offline storage.
 */
export const forbidsStoring = (message: Element): boolean =>
  ['no-store', 'no-permanent-store'].some((hint) => message.getChild(hint, HINTS) !== undefined);

/** A call that begins (XEP-0353). */
export const isRinging = (message: Element): boolean =>
  message.getChildElements().some((child) => isOfCalls(child) && child.getName() === 'propose');

/** The message inside a carbon of a received message (XEP-0280), or the message itself. */
export const unwrapped = (message: Element): Element =>
  message
    .getChild('received', 'urn:xmpp:carbons:2')
    ?.getChild('forwarded', 'urn:xmpp:forward:0')
    ?.getChild('message') ?? message;

const HINTS = 'urn:xmpp:hints';
const CHAT_STATES = 'http://jabber.org/protocol/chatstates';

const isAside = (child: Element): boolean =>
  child.getName() === 'thread' ||
  child.is('delay', 'urn:xmpp:delay') ||
  (child.getNS() === HINTS && child.getName() !== 'store');

const isCall = (message: Element): boolean => message.getChildElements().some(isOfCalls);

const isOfCalls = (child: Element): boolean => /^urn:xmpp:jingle-message:[01]$/.test(child.getNS() ?? '');

/** A direct invitation (XEP-0249), or a mediated invitation (XEP-0045 section 7.8.2). */
const isInvitation = (message: Element): boolean =>
  message.getChild('x', 'jabber:x:conference') !== undefined ||
  message.getChild('x', 'http://jabber.org/protocol/muc#user')?.getChild('invite') !== undefined;
