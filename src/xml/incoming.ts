/** The meaning of one top-level element for stream management. */
import { checkElement, checkObject } from '../arguments/check.js';
import type { Refusal, StreamErrorCondition } from '../core/failures.js';
import { type Either, isLeft } from '../core/fp-ts.js';
import { type Nonza, SM_2, SM_3, type SmNamespace, type StanzaKind } from '../core/nonzas.js';
import type { Element } from './element.js';
import { type ContentNamespace, STREAMS } from './names.js';
import { decode } from './nonza-codec.js';
import { decodeStreamError } from './stream-error.js';

export type Incoming =
  /** Counted. */
  | { readonly kind: 'stanza'; readonly stanzaKind: StanzaKind }
  | { readonly kind: 'nonza'; readonly nonza: Nonza; readonly xmlns: SmNamespace }
  /** A wrong element in a namespace of stream management: `failure` is the answer, `xmlns` the namespace of the answer. */
  | {
      readonly kind: 'malformed';
      readonly failure: Refusal;
      /** The local name of the element, as the peer sent it. */
      readonly name: string;
      readonly xmlns: SmNamespace;
    }
  | { readonly kind: 'streamError'; readonly condition: StreamErrorCondition }
  /** An element outside stream management: features, SASL, TLS, other nonzas. Never counted. */
  | { readonly kind: 'other' };

export interface ClassifyOptions {
  /** The stream's content namespace: message, presence and iq are stanzas only in this namespace. */
  readonly contentNamespace: ContentNamespace;
  /** True reads `urn:xmpp:sm:2` too; otherwise such elements are `other`. */
  readonly acceptSm2: boolean;
}

/** Classifies a child of the stream root by its namespace and name alone; the function reads the content of nonzas only. @throws TypeError that names the argument */
export const classify = (element: Element, options: ClassifyOptions): Incoming => {
  checkElement('element', element);
  checkObject('options', options);
  return classifyWith(decode, element, options);
};

/**
 * The same for arguments that are known to be right.
 *
 * @param decode reads the elements of stream management: all of them, or those that a client gets
 */
export const classifyWith = (
  decode: (element: Element) => Either<Refusal, Nonza>,
  element: Element,
  options: ClassifyOptions,
): Incoming => {
  const xmlns = element.getNS();
  const name = element.getName();
  if (xmlns === options.contentNamespace) return isStanzaKind(name) ? { kind: 'stanza', stanzaKind: name } : OTHER;
  if (xmlns === SM_3 || (xmlns === SM_2 && options.acceptSm2)) {
    const decoded = decode(element);
    if (isLeft(decoded)) return { kind: 'malformed', failure: decoded.left, name, xmlns };
    return { kind: 'nonza', nonza: decoded.right, xmlns };
  }
  if (xmlns === STREAMS && name === 'error') return { kind: 'streamError', condition: decodeStreamError(element) };
  return OTHER;
};

const OTHER: Incoming = { kind: 'other' };

const isStanzaKind = (name: string): name is StanzaKind => name === 'message' || name === 'presence' || name === 'iq';
