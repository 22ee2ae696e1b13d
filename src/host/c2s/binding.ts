/** Resource binding (RFC 6120 section 7). */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Element } from '../../xml.js';
import { type Jid, parseJid } from '../jid.js';

const NS_BIND = 'urn:ietf:params:xml:ns:xmpp-bind';

/**
 * The full JID for a bind request: with the requested resource, or with a resource of ours when the request names no
 * valid resource.
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

/**
 * The full JID for BIND2 (XEP-0386 section 3.2.1): the client's tag, then an identifier of ours. The same client gets
 * the same identifier each time, so that it replaces its own former session.
 * @param account the bare JID that authenticated
 * @returns undefined for an account that is no JID
 */
export const resourceFor = (
  account: string,
  tag: string | undefined,
  userAgentId: string | undefined,
): Jid | undefined => {
  const key = JSON.stringify([account, tag, userAgentId]);
  const id = userAgentId ? createHmac('sha256', SECRET).update(key).digest('base64url').slice(0, 16) : randomUUID();
  const tagged = tag === undefined ? undefined : parseJid(`${account}/${tag}/${id}`);
  return tagged ?? parseJid(`${account}/${id}`);
};

/** Contacts see the resource: with this secret, they cannot tell the client's own identifier from it. */
const SECRET = randomBytes(32);

export const bindResult = (request: Element, jid: string): string => {
  const { id } = request.attrs;
  const result = new Element('iq', { type: 'result', ...(id !== undefined && { id }) });
  result.c('bind', { xmlns: NS_BIND }).c('jid').t(jid);
  return result.toString();
};
