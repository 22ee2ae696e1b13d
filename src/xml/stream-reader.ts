/**
 * Reads the text of one stream into ltx elements: saxes tokenizes; this file builds elements, counts and checks.
 *
 * saxes continues after an error and has no way to stop, so a handler throws STOP through saxes to stop it. After STOP the
 * reader must not be used again.
 */

import { type PeerViolation, peerViolation } from '../core/failures.js';
import { Element } from './element.js';
import { STREAMS } from './names.js';
import { noPrefixes, openScope, type Prefixes, prefixOf } from './namespaces.js';
import { Tokenizer } from './tokenizer.js';
import {
  declarationFault,
  MISMATCHED_TAG,
  notWellFormed,
  overLimit,
  restrictedXml,
  violationOf,
} from './xml-faults.js';

export interface ReaderLimits {
  readonly maxStanzaBytes: number;
  readonly maxDepth: number;
  readonly maxAttributes: number;
  readonly maxElements: number;
}

/** `open`, `element` and `close` return whether the reader must continue. */
export interface ReaderSink {
  open(attributes: Readonly<Record<string, string>>, defaultXmlns: string): boolean;
  element(element: Element, size: number): boolean;
  close(): boolean;
  fault(violation: PeerViolation): void;
}

export interface Reader {
  /** Reads a short piece of text. @returns the number of units taken: less than the whole piece only when the sink stopped the reader */
  read(piece: string): number;
  /** True when the reader has read only white space since the last element or the header. */
  readonly idle: boolean;
}

/** The start of the text: a stream header, a header that white space may precede, or no header. */
export type ReaderStart = 'header' | 'restart' | 'framed';

/** @param limits the reader reads them at each check: they may change inside an element */
export const createReader = (limits: ReaderLimits, begin: ReaderStart, sink: ReaderSink): Reader => {
  const framed = begin === 'framed';
  /** The number of open elements, the stream root included; a reader without a root begins at level 1. */
  let level = framed ? 1 : 0;
  /** The number of elements in the present top-level element. */
  let elementCount = 0;
  let current: Element | undefined;
  let top: Element | undefined;
  /** The prefixes inside each open element; `streamPrefixes` has the prefixes of the stream root. */
  const scopes: Prefixes[] = [];
  let streamPrefixes = noPrefixes();
  let defaultXmlns = '';
  /** The attributes of the present start tag. */
  let attributes: Record<string, string> = {};
  let attributeCount = 0;
  let hasNamespaces = false;
  /** Positions in UTF-16 units from the start of the text: the start of the present element, and the end of the text so far. */
  let start = 0;
  let end = 0;
  /** A complete element that is not yet reported: only the tokenizer's next call shows whether the close tag matched. */
  let complete: Element | 'stream' | undefined;
  let completeAt = 0;
  let idle = begin !== 'header';

  const fail: (violation: PeerViolation) => never = (violation) => {
    const tooLong = saxes.position - start > limits.maxStanzaBytes;
    sink.fault(tooLong ? overLimit(TOO_LONG) : violation);
    throw STOP;
  };

  const settle = (): void => {
    if (complete === undefined) return;
    const done = complete;
    complete = undefined;
    const size = completeAt - start;
    if (size > limits.maxStanzaBytes) fail(overLimit(TOO_LONG));
    start = completeAt;
    if (!(done === 'stream' ? sink.close() : sink.element(done, size))) throw STOP;
  };

  const borrow = (prefix: string): string | undefined => {
    const uri = streamPrefixes[prefix];
    // An element that leaves its stream must declare the prefixes that it uses.
    if (uri !== undefined && top !== undefined) top.attrs[`xmlns:${prefix}`] = uri;
    return uri;
  };

  const openRoot = (name: string): void => {
    const prefixes = openScope(name, attributes, streamPrefixes, () => undefined);
    if (typeof prefixes === 'string') fail(notWellFormed(prefixes));
    const prefix = prefixOf(name);
    defaultXmlns = attributes.xmlns ?? '';
    if ((prefix === '' ? defaultXmlns : prefixes[prefix]) !== STREAMS)
      fail(peerViolation('invalid-namespace', `a stream is opened in ${STREAMS}`));
    if (name.slice(name.indexOf(':') + 1) !== 'stream')
      fail(peerViolation('bad-format', 'the root element of a stream is <stream/>'));
    streamPrefixes = prefixes;
    level = 1;
    if (saxes.position - start > limits.maxStanzaBytes) fail(overLimit(TOO_LONG));
    start = saxes.position;
    if (!sink.open(attributes, defaultXmlns)) throw STOP;
  };

  const openElement = (name: string): void => {
    const element = new Element(name);
    // The constructor would copy the attributes, so this code sets them afterwards.
    element.attrs = attributes;
    if (current === undefined) {
      top = element;
      if (defaultXmlns !== '' && attributes.xmlns === undefined) attributes.xmlns = defaultXmlns;
    } else {
      current.cnode(element);
    }
    current = element;
    const outer = scopes[scopes.length - 1] ?? NO_PREFIXES;
    const scope = hasNamespaces || name.includes(':') ? openScope(name, attributes, outer, borrow) : outer;
    if (typeof scope === 'string') fail(notWellFormed(scope));
    scopes.push(scope);
    level += 1;
  };

  const restricted = (what: string) => (): void => {
    settle();
    fail(restrictedXml(what));
  };

  const saxes: Tokenizer = new Tokenizer(framed, {
    opentagstart() {
      settle();
      attributes = {};
      attributeCount = 0;
      hasNamespaces = false;
      elementCount = level > 1 ? elementCount + 1 : 1;
      if (level > limits.maxDepth) fail(overLimit(`elements nested deeper than ${limits.maxDepth}`));
      if (elementCount > limits.maxElements) fail(overLimit(`more than ${limits.maxElements} elements`));
    },
    attribute({ name, value }) {
      attributes[name] = value;
      attributeCount += 1;
      hasNamespaces ||= name.includes(':') || name === 'xmlns';
      if (attributeCount > limits.maxAttributes) fail(overLimit(`more than ${limits.maxAttributes} attributes`));
    },
    opentag({ name }) {
      if (level === 0) openRoot(name);
      else openElement(name);
    },
    closetag() {
      settle();
      level -= 1;
      scopes.pop();
      if (level > 1) {
        current = current?.parent ?? undefined;
        return;
      }
      complete = level === 1 ? current : 'stream';
      completeAt = saxes.position;
      current = undefined;
      top = undefined;
    },
    text(chars) {
      settle();
      if (current !== undefined) current.t(chars);
      else if (level === 1) {
        if (!BLANK.test(chars)) fail(peerViolation('bad-format', 'text between the elements of a stream'));
        // The tokenizer reports text after it has read the next `<`.
        start = saxes.position - 1;
      }
    },
    cdata(chars) {
      settle();
      if (current === undefined) fail(peerViolation('bad-format', 'CDATA between the elements of a stream'));
      if (chars !== '') current.t(chars);
    },
    xmldecl({ version, encoding }) {
      const fault = declarationFault(version, encoding);
      if (fault !== undefined) fail(fault);
    },
    comment: restricted('comment'),
    processinginstruction: restricted('processing instruction'),
    doctype: restricted('document type declaration'),
    error({ message }) {
      if (message === MISMATCHED_TAG) complete = undefined;
      else settle();
      fail(violationOf(message));
    },
  });

  return {
    read(piece) {
      const before = end;
      end += piece.length;
      try {
        // RFC 6120 section 11.6: U+FEFF is not a byte order mark in a stream, so it counts as text before the root.
        if (before === 0 && piece.startsWith('\uFEFF')) fail(notWellFormed('text before the root element'));
        saxes.write(piece);
        settle();
        if (saxes.endsInMalformedReference(piece.length)) fail(notWellFormed('malformed reference'));
        idle = level === 1 && start >= before && BLANK.test(piece.slice(start - before));
        if (!idle && end - start > limits.maxStanzaBytes) fail(overLimit(TOO_LONG));
      } catch (thrown) {
        if (thrown !== STOP) throw thrown;
        return start - before;
      }
      return piece.length;
    },
    get idle() {
      return idle;
    },
  };
};

const STOP = Symbol('stop reading');
const TOO_LONG = 'element too long';
const BLANK = /^[\t\n\r ]*$/;
const NO_PREFIXES = noPrefixes();
