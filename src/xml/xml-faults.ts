/** The stream error for each fault of the XML (RFC 6120 sections 4.9.3 and 11, S-3). */
import { type PeerViolation, peerViolation } from '../core/failures.js';

/** The tokenizer's message for a close tag that does not match. Before the message, it reports the element as closed. */
export const MISMATCHED_TAG = 'unexpected close tag.';

/** The stream error for an error of the tokenizer, found by the message text: saxes has no error codes. */
export const violationOf = (complaint: string): PeerViolation =>
  RESTRICTED.has(complaint) ? restrictedXml(complaint) : notWellFormed(complaint);

/** Also for names that break XML namespaces: section 4.9.3.13 covers XML and its namespaces. */
export const notWellFormed = (text: string): PeerViolation => peerViolation('not-well-formed', text);

/** Section 11.1: comments, processing instructions, DTDs and entities other than the predefined five. */
export const restrictedXml = (text: string): PeerViolation => peerViolation('restricted-xml', text);

export const overLimit = (text: string): PeerViolation => peerViolation('policy-violation', text);

/** Sections 11.5 and 11.6: only XML 1.0 in UTF-8. */
export const declarationFault = (
  version: string | undefined,
  encoding: string | undefined,
): PeerViolation | undefined =>
  version === '1.0' && (encoding === undefined || encoding.toUpperCase() === 'UTF-8')
    ? undefined
    : peerViolation('unsupported-encoding', 'a stream is XML 1.0 in UTF-8');

const RESTRICTED: ReadonlySet<string> = new Set(['undefined entity.', 'inappropriately located doctype declaration.']);
