import { Element } from '../xml.js';

/** RFC 6120 section 8.3.3: the defined conditions, each with the error type it commonly has. */
const ERROR_TYPES = {
  'bad-request': 'modify',
  conflict: 'cancel',
  'feature-not-implemented': 'cancel',
  forbidden: 'auth',
  gone: 'cancel',
  'internal-server-error': 'cancel',
  'item-not-found': 'cancel',
  'jid-malformed': 'modify',
  'not-acceptable': 'modify',
  'not-allowed': 'cancel',
  'not-authorized': 'auth',
  'policy-violation': 'modify',
  'recipient-unavailable': 'wait',
  redirect: 'modify',
  'registration-required': 'auth',
  'remote-server-not-found': 'cancel',
  'remote-server-timeout': 'wait',
  'resource-constraint': 'wait',
  'service-unavailable': 'cancel',
  'subscription-required': 'auth',
  'undefined-condition': 'cancel',
  'unexpected-request': 'wait',
} as const;

export type StanzaCondition = keyof typeof ERROR_TYPES;

const NS_STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/**
 * The error for the sender of `stanza`: addresses swapped, the same id, one condition. It does not contain the payload, so that it is small.
 * @returns undefined when the stanza may not be answered: an error (RFC 6120 section 8.3.1) or the result of an iq
 */
export const stanzaError = (stanza: Element, condition: StanzaCondition, text?: string): Element | undefined => {
  if (!isAnswerable(stanza)) return undefined;
  // `getName` leaves out a prefix of the sender, which no stream of ours declares.
  const reply = new Element(stanza.getName(), { ...swappedAddresses(stanza), type: 'error' });
  reply.cnode(errorOf(condition, text));
  return reply;
};

/** The `<error/>` of a stanza, or of a dialback element. */
export const errorOf = (condition: StanzaCondition, text?: string): Element => {
  const error = new Element('error', { type: ERROR_TYPES[condition] });
  error.c(condition, { xmlns: NS_STANZAS });
  if (text !== undefined) error.c('text', { xmlns: NS_STANZAS }).t(text);
  return error;
};

/** False for errors and for results of an iq: otherwise two servers could answer each other without end. */
export const isAnswerable = (stanza: Element): boolean => {
  const { type } = stanza.attrs;
  return type !== 'error' && !(stanza.getName() === 'iq' && type === 'result');
};

/** The addresses and the id of an answer, without the attributes that the stanza does not have. */
export const swappedAddresses = (stanza: Element): Record<string, string> => {
  const { from, to, id, xmlns } = stanza.attrs;
  return {
    ...(xmlns !== undefined && { xmlns }),
    ...(to !== undefined && { from: to }),
    ...(from !== undefined && { to: from }),
    ...(id !== undefined && { id }),
  };
};
