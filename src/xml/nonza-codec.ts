/**
 * Converts elements of stream management to plain data and back: the reader is liberal, the writer is strict.
 *
 * After this file an `h` is a Uint32 and a `max` a positive number of seconds. The type of a fault determines the
 * answer: `<failed/>` answers a `Refusal` of a request, a stream error answers a `PeerViolation`.
 */
import { check, checkElement, checkText } from '../arguments/check.js';
import { type Decoder, type Faults, object } from '../core/decoding.js';
import { type Refusal, refusal } from '../core/failures.js';
import { type Either, fromNullable, left, map, mapLeft, pipe, right } from '../core/fp-ts.js';
import { type Nonza, SM_2, SM_3, type SmNamespace } from '../core/nonzas.js';
import { parseUint32 } from '../core/uint32.js';
import { decodeFromServer, encodeFromClient } from './client-nonza-codec.js';
import type { Element } from './element.js';
import { escapeXml } from './escape.js';
import { STANZA_ERRORS } from './names.js';
import { attribute, parseBoolean, parseSeconds, resumeAttribute, textOf } from './nonza-attributes.js';

export { MAX_SM_ID_BYTES } from './client-nonza-codec.js';
export { MAX_SECONDS } from './nonza-attributes.js';

export interface DecodedNonza {
  readonly nonza: Nonza;
  /** The namespace of the element; the answer uses the same namespace. */
  readonly xmlns: SmNamespace;
}

/**
 * Reads one element in `urn:xmpp:sm:3` or `urn:xmpp:sm:2`.
 *
 * - `<enable/>`: the reader refuses a `resume` that is not an xs:boolean (E-10) or a `max` that is not an xs:positiveInteger (E-12)
 *   with bad-request, whose text names each wrong attribute; it reads a `max` above MAX_SECONDS as MAX_SECONDS.
 * - `<enabled/>`: resumable only when `resume` is true and `id` has 1 to MAX_SM_ID_BYTES bytes; otherwise the result has `resume`
 *   false and no `id`, so that a bad grant loses resumption but not the stream. The result leaves out an unusable `max`.
 * - `<resume/>`: the reader refuses a missing previd, and an `h` that is missing or not an unsignedInt, in the same way. It passes
 *   any other previd on unchanged, because only the store knows SM-IDs.
 * - `<resumed/>` and `<a/>`: the reader always accepts them. An `h` that is missing or not an unsignedInt is absent in the result, a
 *   missing previd is empty; the meaning depends on the state, so the charts decide.
 * - `<failed/>`: the reader always accepts it. An `<error/>` may contain its condition; an unknown condition, or a bad `h`, is absent.
 * - Any other element: the reader refuses it with unexpected-request.
 */
export const decodeNonza = (element: Element): Either<Refusal, DecodedNonza> => {
  checkElement('element', element);
  const xmlns = element.getNS();
  if (xmlns !== SM_3 && xmlns !== SM_2)
    return left(refusal('unexpected-request', 'not an element of stream management'));
  return pipe(
    decode(element),
    map((nonza) => ({ nonza, xmlns })),
  );
};

/**
 * Writes a nonza as XML text. Booleans are `true` or absent, a condition is a direct child of `<failed/>`; a
 * `<failed/>` without a condition gets undefined-condition.
 *
 * @throws TypeError that names the argument: `nonza` is not an element of stream management, or `xmlns` is not text
 */
export const encodeNonza = (nonza: Nonza, xmlns: SmNamespace): string => {
  checkText('xmlns', xmlns);
  switch (nonza?.name) {
    case 'r':
    case 'a':
    case 'enable':
    case 'resume':
      return encodeFromClient(nonza, xmlns);
    case 'enabled': {
      const id = nonza.resume ? attribute('id', nonza.id) : '';
      const rest = attribute('max', nonza.max) + attribute('location', nonza.location);
      return `<enabled xmlns='${xmlns}'${id}${resumeAttribute(nonza.resume)}${rest}/>`;
    }
    case 'resumed':
      return `<resumed xmlns='${xmlns}' h='${nonza.h}' previd='${escapeXml(nonza.previd)}'/>`;
    case 'failed': {
      const condition = `<${nonza.condition ?? 'undefined-condition'} xmlns='${STANZA_ERRORS}'/>`;
      const text =
        nonza.text === undefined ? '' : `<text xmlns='${STANZA_ERRORS}' xml:lang='en'>${escapeXml(nonza.text)}</text>`;
      return `<failed xmlns='${xmlns}'${attribute('h', nonza.h)}>${condition}${text}</failed>`;
    }
    default:
      return check(false, 'nonza', 'an element of stream management', nonza) as never;
  }
};

/** The same for an element that is known to be in a namespace of stream management. */
export const decode = (element: Element): Either<Refusal, Nonza> => {
  switch (element.getName()) {
    case 'enable':
      return decodeEnable(element);
    case 'resume':
      return decodeResume(element);
    default:
      return decodeFromServer(element);
  }
};

const decodeEnable = (element: Element): Either<Refusal, Nonza> =>
  pipe(
    readEnable(element.attrs, {}),
    map(({ resume, max }) => ({ name: 'enable' as const, resume, ...(max !== undefined && { max }) })),
    mapLeft(badRequest),
  );

const decodeResume = (element: Element): Either<Refusal, Nonza> =>
  pipe(
    readResume(element.attrs, {}),
    map(({ previd, h }) => ({ name: 'resume' as const, previd, h })),
    mapLeft(badRequest),
  );

/** A refusal whose text names every wrong attribute. */
const badRequest = (faults: Faults): Refusal =>
  refusal('bad-request', faults.map((fault) => fault.slice(1)).join('; '));

/** @param parse gets undefined for a missing attribute, and returns undefined for a wrong value */
const attributeAs = <A>(what: string, parse: (text: string | undefined) => A | undefined): Decoder<NonNullable<A>> => {
  const orFault = fromNullable<Faults>([` must be ${what}`]);
  return (value) => orFault(parse(textOf(value)));
};

const optional =
  <A>(decoder: Decoder<A>): Decoder<A | undefined> =>
  (value, around) =>
    value === undefined ? right(undefined) : decoder(value, around);

const readEnable = object({
  resume: attributeAs('a boolean', parseBoolean),
  max: optional(attributeAs('a positive integer', parseSeconds)),
});

const readResume = object({
  // An empty SM-ID is like any other that no session has: only the store knows SM-IDs.
  previd: attributeAs('an SM-ID', (text) => text),
  h: attributeAs('an unsignedInt', parseUint32),
});
