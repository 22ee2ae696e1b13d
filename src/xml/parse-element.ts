import { check, checkNames } from '../arguments/check.js';
import { type PeerViolation, peerViolation } from '../core/failures.js';
import { type Either, left, right } from '../core/fp-ts.js';
import type { Element } from './element.js';
import { createStreamParser, LIMITS, type StreamLimits } from './stream-parser.js';

/**
 * Reads one whole element with the rules and limits of the stream parser: a frame of RFC 7395, a stored stanza, a
 * fixture. Prefixes must be declared in the text itself, and no default namespace is added.
 *
 * @returns the stream error that the text would cause, when it is not one whole element
 * @throws TypeError when `text` is not a string, or a limit is wrong or unknown
 */
export const parseElement = (text: string, limits: StreamLimits = {}): Either<PeerViolation, Element> => {
  check(typeof text === 'string', 'text', 'a string', text);
  checkNames('limits', limits, LIMITS);
  const elements: Element[] = [];
  const violations: PeerViolation[] = [];
  const parser = createStreamParser(
    { ...limits, framed: true },
    {
      streamOpen() {},
      element: (element) => elements.push(element),
      streamClose() {},
      violation: (violation) => violations.push(violation),
    },
  );
  parser.write(text);
  const [violation] = violations;
  if (violation !== undefined) return left(violation);
  const [element] = elements;
  if (!parser.idle) return left(peerViolation('not-well-formed', 'the element is not complete'));
  if (element === undefined || elements.length > 1) return left(peerViolation('bad-format', 'not exactly one element'));
  return right(element);
};
