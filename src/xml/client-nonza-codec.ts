/**
 * The part of the nonza codec that a client needs: it reads what a server sends, and writes what a client sends. So a client
 * loads no code for the other elements. `nonza-codec.ts` has all of them, and describes how each is read.
 */

import { type Refusal, refusal, type StanzaErrorCondition } from '../core/failures.js';
import { type Either, left, right } from '../core/fp-ts.js';
import type { A, Enable, Enabled, Failed, Nonza, R, Resume, SmNamespace } from '../core/nonzas.js';
import { stanzaErrorCondition } from './conditions.js';
import type { Element } from './element.js';
import { escapeXml } from './escape.js';
import { STANZA_ERRORS } from './names.js';
import { attribute, attributeOf, countOf, parseBoolean, parseSeconds, resumeAttribute } from './nonza-attributes.js';
import { bytesIn } from './utf8.js';

/** the greatest length of an SM-ID, in bytes of UTF-8. */
export const MAX_SM_ID_BYTES = 4000;

/** Refuses `<enable/>` and `<resume/>` too: no server sends them. */
export const decodeFromServer = (element: Element): Either<Refusal, Nonza> => {
  switch (element.getName()) {
    case 'r':
      return right({ name: 'r' });
    case 'a':
      return right({ name: 'a', ...countOf(element) });
    case 'enabled':
      return right(decodeEnabled(element));
    case 'resumed':
      return right({ name: 'resumed', previd: attributeOf(element, 'previd') ?? '', ...countOf(element) });
    case 'failed':
      return right(decodeFailed(element));
    default:
      return left(refusal('unexpected-request', 'unknown element of stream management'));
  }
};

export const encodeFromClient = (nonza: R | A | Enable | Resume, xmlns: SmNamespace): string => {
  switch (nonza.name) {
    case 'r':
      return `<r xmlns='${xmlns}'/>`;
    case 'a':
      return `<a xmlns='${xmlns}' h='${nonza.h}'/>`;
    case 'enable':
      return `<enable xmlns='${xmlns}'${resumeAttribute(nonza.resume)}${attribute('max', nonza.max)}/>`;
    case 'resume':
      return `<resume xmlns='${xmlns}' h='${nonza.h}' previd='${escapeXml(nonza.previd)}'/>`;
  }
};

const decodeEnabled = (element: Element): Enabled => {
  const id = attributeOf(element, 'id');
  const resumable = parseBoolean(attributeOf(element, 'resume')) === true && isSmId(id);
  const max = parseSeconds(attributeOf(element, 'max'));
  const location = attributeOf(element, 'location');
  return {
    name: 'enabled',
    resume: resumable,
    ...(resumable && { id }),
    ...(max !== undefined && { max }),
    ...(location && { location }),
  };
};

const decodeFailed = (element: Element): Failed => {
  // Some servers wrap the condition in an <error/>, as in a stanza.
  const nested = element.getChildElements().find((child) => child.getName() === 'error');
  const condition = conditionIn(element) ?? (nested && conditionIn(nested));
  const text = element.getChildText('text', STANZA_ERRORS) ?? nested?.getChildText('text', STANZA_ERRORS);
  return {
    name: 'failed',
    ...(condition !== undefined && { condition }),
    ...countOf(element),
    ...(text && { text }),
  };
};

const conditionIn = (element: Element): StanzaErrorCondition | undefined => {
  for (const child of element.getChildElements()) {
    const condition = child.getNS() === STANZA_ERRORS ? stanzaErrorCondition(child.getName()) : undefined;
    if (condition !== undefined) return condition;
  }
  return undefined;
};

const isSmId = (id: string | undefined): id is string =>
  id !== undefined && id !== '' && bytesIn(id) <= MAX_SM_ID_BYTES;
