/**
 * Reads the text of one stream into ltx elements: saxes tokenizes, ElementBuilder builds, and this file counts and checks.
 *
 * saxes continues after an error and has no way to stop, so a handler throws STOP through saxes to stop it. After STOP the
 * reader must not be used again.
 */

import { type PeerViolation, peerViolation } from '../core/failures.js';
import type { Element } from './element.js';
import { ElementBuilder } from './element-builder.js';
import { openRoot } from './stream-root.js';
import { Tokenizer } from './tokenizer.js';
import { extraBytes } from './utf8.js';
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

/** The start of the text: a stream header, a header that white space may precede, or no header. */
export type ReaderStart = 'header' | 'restart' | 'framed';

export class StreamReader {
  readonly #limits: ReaderLimits;
  readonly #sink: ReaderSink;
  readonly #tokenizer: Tokenizer;
  readonly #builder = new ElementBuilder();
  /** The number of open elements, the stream root included; a reader without a root begins at level 1. */
  #level: number;
  /** The number of elements in the present top-level element. */
  #elementCount = 0;
  /** The attributes of the present start tag. */
  #attributes: Record<string, string> = {};
  #attributeCount = 0;
  #hasNamespaces = false;
  /** Positions in UTF-16 units from the start of the text: the start of the present element, and the end of the text so far. */
  #start = 0;
  #end = 0;
  /** The present piece, where it starts, and whether each of its characters is one byte. */
  #piece = '';
  #pieceAt = 0;
  #isAscii = true;
  /** By how much the bytes of UTF-8 from `#start` to the present piece exceed the UTF-16 units. */
  #extra = 0;
  /** A complete element that is not yet reported: only the tokenizer's next call shows whether the close tag matched. */
  #complete: Element | 'stream' | undefined;
  #completeAt = 0;
  #idle: boolean;

  /** @param limits the reader reads them at each check: they may change inside an element */
  constructor(limits: ReaderLimits, begin: ReaderStart, sink: ReaderSink) {
    const framed = begin === 'framed';
    this.#limits = limits;
    this.#sink = sink;
    this.#level = framed ? 1 : 0;
    this.#idle = begin !== 'header';
    this.#tokenizer = new Tokenizer(framed, {
      opentagstart: () => this.#beginTag(),
      attribute: ({ name, value }) => this.#addAttribute(name, value),
      opentag: ({ name }) => (this.#level === 0 ? this.#openRoot(name) : this.#openElement(name)),
      closetag: () => this.#closeElement(),
      text: (chars) => this.#addText(chars),
      cdata: (chars) => this.#addCdata(chars),
      xmldecl: ({ version, encoding }) => {
        const fault = declarationFault(version, encoding);
        if (fault !== undefined) this.#fail(fault);
      },
      comment: () => this.#refuse('comment'),
      processinginstruction: () => this.#refuse('processing instruction'),
      doctype: () => this.#refuse('document type declaration'),
      error: ({ message }) => this.#breakOff(message),
    });
  }

  /** Reads a short piece of text. @returns the number of units taken: less than the whole piece only when the sink stopped the reader */
  read(piece: string): number {
    const before = this.#end;
    this.#end += piece.length;
    this.#piece = piece;
    this.#pieceAt = before;
    this.#isAscii = !NOT_ASCII.test(piece);
    try {
      this.#readAll(piece, before);
    } catch (thrown) {
      if (thrown !== STOP) throw thrown;
      return this.#start - before;
    }
    return piece.length;
  }

  /** True when the reader has read only white space since the last element or the header. */
  get idle(): boolean {
    return this.#idle;
  }

  #readAll(piece: string, before: number): void {
    // RFC 6120 section 11.6: U+FEFF is not a byte order mark in a stream, so it counts as text before the root.
    if (before === 0 && piece.startsWith('\uFEFF')) this.#fail(notWellFormed('text before the root element'));
    this.#tokenizer.write(piece);
    this.#settle();
    if (this.#tokenizer.endsInMalformedReference(piece.length)) this.#fail(notWellFormed('malformed reference'));
    this.#idle = this.#level === 1 && this.#start >= before && BLANK.test(piece.slice(this.#start - before));
    const size = this.#sizeUpTo(this.#end);
    if (!this.#idle && size > this.#limits.maxStanzaBytes) this.#fail(overLimit(TOO_LONG));
    this.#extra = size - (this.#end - this.#start);
  }

  #beginTag(): void {
    this.#settle();
    this.#attributes = {};
    this.#attributeCount = 0;
    this.#hasNamespaces = false;
    this.#elementCount = this.#level > 1 ? this.#elementCount + 1 : 1;
    const { maxDepth, maxElements } = this.#limits;
    if (this.#level > maxDepth) this.#fail(overLimit(`elements nested deeper than ${maxDepth}`));
    if (this.#elementCount > maxElements) this.#fail(overLimit(`more than ${maxElements} elements`));
  }

  #addAttribute(name: string, value: string): void {
    this.#attributes[name] = value;
    this.#attributeCount += 1;
    this.#hasNamespaces ||= name.includes(':') || name === 'xmlns';
    const { maxAttributes } = this.#limits;
    if (this.#attributeCount > maxAttributes) this.#fail(overLimit(`more than ${maxAttributes} attributes`));
  }

  #openRoot(name: string): void {
    const attributes = this.#attributes;
    const root = openRoot(name, attributes);
    if ('kind' in root) this.#fail(root);
    this.#builder.enterStream(root);
    this.#level = 1;
    if (this.#sizeUpTo(this.#tokenizer.position) > this.#limits.maxStanzaBytes) this.#fail(overLimit(TOO_LONG));
    this.#startAt(this.#tokenizer.position);
    if (!this.#sink.open(attributes, root.defaultXmlns)) throw STOP;
  }

  #openElement(name: string): void {
    const fault = this.#builder.open(name, this.#attributes, this.#hasNamespaces);
    if (fault !== undefined) this.#fail(notWellFormed(fault));
    this.#level += 1;
  }

  #closeElement(): void {
    this.#settle();
    this.#level -= 1;
    const closed = this.#builder.close();
    if (this.#level > 1) return;
    this.#complete = this.#level === 1 ? closed : 'stream';
    this.#completeAt = this.#tokenizer.position;
  }

  #addText(chars: string): void {
    this.#settle();
    if (this.#builder.addText(chars) || this.#level !== 1) return;
    if (!BLANK.test(chars)) this.#fail(peerViolation('bad-format', 'text between the elements of a stream'));
    // The tokenizer reports text after it has read the next `<`.
    this.#startAt(this.#tokenizer.position - 1);
  }

  #addCdata(chars: string): void {
    this.#settle();
    if (!this.#builder.addText(chars))
      this.#fail(peerViolation('bad-format', 'CDATA between the elements of a stream'));
  }

  #refuse(what: string): void {
    this.#settle();
    this.#fail(restrictedXml(what));
  }

  #breakOff(message: string): void {
    if (message === MISMATCHED_TAG) this.#complete = undefined;
    else this.#settle();
    this.#fail(violationOf(message));
  }

  /** Reports the complete element, if there is one. */
  #settle(): void {
    const done = this.#complete;
    if (done === undefined) return;
    this.#complete = undefined;
    if (this.#sizeUpTo(this.#completeAt) > this.#limits.maxStanzaBytes) this.#fail(overLimit(TOO_LONG));
    const size = this.#completeAt - this.#start;
    this.#startAt(this.#completeAt);
    if (!(done === 'stream' ? this.#sink.close() : this.#sink.element(done, size))) throw STOP;
  }

  /** An element starts in the present piece. */
  #startAt(position: number): void {
    this.#start = position;
    this.#extra = 0;
  }

  /** The bytes of UTF-8 from the start of the present element to a position in the present piece. */
  #sizeUpTo(position: number): number {
    const from = Math.max(this.#start - this.#pieceAt, 0);
    const extra = this.#isAscii ? 0 : extraBytes(this.#piece, from, position - this.#pieceAt);
    return position - this.#start + this.#extra + extra;
  }

  #fail(violation: PeerViolation): never {
    const tooLong = this.#sizeUpTo(this.#tokenizer.position) > this.#limits.maxStanzaBytes;
    this.#sink.fault(tooLong ? overLimit(TOO_LONG) : violation);
    throw STOP;
  }
}

const NOT_ASCII = /[^\0-\x7f]/;
const STOP = Symbol('stop reading');
const TOO_LONG = 'element too long';
const BLANK = /^[\t\n\r ]*$/;
