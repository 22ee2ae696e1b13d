import type { Entry } from '../../index.js';
import type { Element } from '../../xml.js';
import { bareJid, parseJid } from '../jid.js';
import { hasText, isEncrypted, isRinging } from '../message-content.js';
import { readStored } from '../stored-stanza.js';

/**
 * Whether a stanza wakes a device: a message from another user that has a body, is encrypted, or is a call. Errors
 * and headlines do not wake a device, nor do carbons and archived messages, which another device has. A message
 * in a room wakes a device only when it mentions the user (XEP-0372), because a room may talk all day.
 * @param account the bare JID it is for
 */
export const needsPush = ({ kind, type, xml }: Entry, account: string): boolean => {
  if (kind !== 'message' || type === 'error' || type === 'headline') return false;
  const message = readStored(xml);
  return message !== undefined && wakes(message, account);
};

/** The same for a message that is an element. */
export const wakes = (message: Element, account: string): boolean => {
  const { type } = message.attrs;
  if (type === 'error' || type === 'headline' || isFrom(message, account) || isCopy(message)) return false;
  if (type === 'groupchat' && !mentions(message, account)) return false;
  return hasText(message) || isEncrypted(message) || isRinging(message);
};

const isFrom = (message: Element, account: string): boolean => isAccount(message.attrs.from ?? '', account);

const isCopy = (message: Element): boolean =>
  ['sent', 'received'].some((name) => message.getChild(name, 'urn:xmpp:carbons:2') !== undefined) ||
  message.getChild('result', 'urn:xmpp:mam:2') !== undefined;

const mentions = (message: Element, account: string): boolean =>
  message
    .getChildren('reference', 'urn:xmpp:reference:0')
    .some(({ attrs }) => attrs.type === 'mention' && isAccount(String(attrs.uri).replace(/^xmpp:/, ''), account));

const isAccount = (address: string, account: string): boolean => {
  const jid = parseJid(address);
  return jid !== undefined && bareJid(jid) === account;
};
