/** Stream errors (RFC 6120 section 4.9) as text, and the condition of a received one. */

import { checkElement, checkObject } from '../arguments/check.js';
import type { PeerViolation, StreamErrorCondition } from '../core/failures.js';
import { SM_3 } from '../core/nonzas.js';
import { streamErrorCondition } from './conditions.js';
import type { Element } from './element.js';
import { escapeXml } from './escape.js';
import { STREAM_ERRORS } from './names.js';

/**
 * Writes the stream error for a violation, with `<handled-count-too-high/>` as its application condition where the
 * violation carries one. The stream header declares the prefix `stream`.
 */
export const encodeStreamError = (violation: PeerViolation): string => {
  checkObject('violation', violation);
  const condition = `<${violation.condition} xmlns='${STREAM_ERRORS}'/>`;
  const text =
    violation.text === '' ? '' : `<text xmlns='${STREAM_ERRORS}' xml:lang='en'>${escapeXml(violation.text)}</text>`;
  const counts = violation.handledCountTooHigh;
  const tooHigh =
    counts === undefined
      ? ''
      : `<handled-count-too-high xmlns='${SM_3}' h='${counts.h}' send-count='${counts.sendCount}'/>`;
  return `<stream:error>${condition}${text}${tooHigh}</stream:error>`;
};

/**
 * The condition of a received `<stream:error/>`: undefined-condition when it has no condition, or a condition outside
 * StreamErrorCondition.
 */
export const decodeStreamError = (element: Element): StreamErrorCondition => {
  checkElement('element', element);
  for (const child of element.getChildElements()) {
    const condition = child.getNS() === STREAM_ERRORS ? streamErrorCondition(child.getName()) : undefined;
    if (condition !== undefined) return condition;
  }
  return 'undefined-condition';
};
