/** The errors that an embedder makes. Inside the package, the functions of core make them without these checks. */
import { check } from '../arguments/check.js';
import { stanzaErrorCondition, streamErrorCondition } from '../core/conditions.js';
import {
  type PeerViolation,
  type Refusal,
  refusal as refusalOf,
  type StanzaErrorCondition,
  type StreamErrorCondition,
  peerViolation as violationOf,
} from '../core/failures.js';

/**
 * An error of the peer that ends the stream: give it to `violated` of the link (S-3).
 *
 * @param text for people, in English; may be ''
 * @throws TypeError when `condition` is not a condition of RFC 6120 section 4.9.3, or `text` is not a string
 */
export const peerViolation = (condition: StreamErrorCondition, text: string): PeerViolation => {
  check(streamErrorCondition(condition) !== undefined, 'condition', 'a stream error condition of RFC 6120', condition);
  check(typeof text === 'string', 'text', 'a string', text);
  return violationOf(condition, text);
};

/**
 * A refused request: `<failed/>` with this condition answers it, and the stream goes on.
 *
 * @param text for people, in English
 * @throws TypeError when `condition` is not a condition of RFC 6120 section 8.3.3, or `text` is not a string
 */
export const refusal = (condition: StanzaErrorCondition, text?: string): Refusal => {
  check(stanzaErrorCondition(condition) !== undefined, 'condition', 'a stanza error condition of RFC 6120', condition);
  check(text === undefined || typeof text === 'string', 'text', 'a string, or left out', text);
  return refusalOf(condition, text);
};
