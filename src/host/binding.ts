/** Resource binding (RFC 6120 section 7). */
import { randomUUID } from 'node:crypto';
import { Element } from '../xml/index.js';
import { type Jid, parseJid } from './jid.js';

const NS_BIND = 'urn:ietf:params:xml:ns:xmpp-bind';

/**
 * The full JID that a bind request leads to: the resource it asks for, or one of ours when it asks for none or for one that
 * no JID can have.
 * @param account the bare JID that authenticated
 * @returns undefined when the stanza is no bind request
 */
export const bindRequest = (stanza: Element, account: string): Jid | undefined => {
  const bind = stanza.is('iq') && stanza.attrs.type === 'set' ? stanza.getChild('bind', NS_BIND) : undefined;
  if (bind === undefined || bind === null) return undefined;
  const wanted = bind.getChildText('resource');
  const jid = wanted ? parseJid(`${account}/${wanted}`) : undefined;
  return jid ?? parseJid(`${account}/${randomUUID()}`);
};

export const bindResult = (request: Element, jid: string): string => {
  const { id } = request.attrs;
  const result = new Element('iq', { type: 'result', ...(id !== undefined && { id }) });
  result.c('bind', { xmlns: NS_BIND }).c('jid').t(jid);
  return result.toString();
};
