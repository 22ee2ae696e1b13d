/**
 * A strict parser of one direction of an XMPP stream: text in, top-level ltx elements out, in wire order.
 *
 * | input | stream error |
 * |---|---|
 * | comment, processing instruction, DTD, entity other than the predefined five | restricted-xml |
 * | anything else that breaks XML 1.0 or its namespaces (an undeclared prefix too) | not-well-formed |
 * | XML version other than 1.0, encoding other than UTF-8 | unsupported-encoding |
 * | root in another namespace than http://etherx.jabber.org/streams | invalid-namespace |
 * | root in that namespace that is not `<stream/>`; text or CDATA between elements | bad-format |
 * | a limit passed | policy-violation |
 *
 * CDATA inside an element is text. The embedder must check the content namespace of the root.
 */

import { check, checkFlag, checkLimit, checkMethods, checkNames } from '../arguments/check.js';
import type { PeerViolation } from '../core/failures.js';
import type { Element } from './element.js';
import { type ReaderLimits, type ReaderSink, StreamReader } from './stream-reader.js';
import { notWellFormed } from './xml-faults.js';

export interface StreamLimits {
  /**
   * The greatest size of the stream header and of each top-level element, in bytes of UTF-8 of the received text. The parser enforces
   * the limit while it reads the element, also inside a tag. Default 262144.
   */
  readonly maxStanzaBytes?: number;
  /** The greatest number of element levels below the stream root; a stanza is level 1. Default 64. */
  readonly maxDepth?: number;
  /** The most attributes of one element, namespace declarations included. Default 64. */
  readonly maxAttributes?: number;
  /** The most elements in one top-level element, itself included: small elements need far more memory than text. Default 10000. */
  readonly maxElements?: number;
}

export interface StreamParserOptions extends StreamLimits {
  /** True for input without a stream root: elements follow each other, as in the frames of RFC 7395. Default false. */
  readonly framed?: boolean;
}

/** The parser calls these functions inside `write`, in wire order. `write` throws the error of a callback, which ends the parser. */
export interface StreamListener {
  /** The stream header was read. `defaultXmlns` is '' when the header declares no default namespace. */
  streamOpen(attributes: Readonly<Record<string, string>>, defaultXmlns: string): void;
  /**
   * A child of the stream root is complete. The element has no parent: it declares the default namespace of the stream and the
   * prefixes of the header that it uses. `size` is the length of the received text in UTF-16 units.
   */
  element(element: Element, size: number): void;
  /** The peer closed the stream. No callback follows. */
  streamClose(): void;
  /** The input broke a rule: send this stream error, then close. No callback follows. */
  violation(violation: PeerViolation): void;
}

export interface StreamParser {
  /**
   * Reads more text. A piece may end anywhere, also inside a surrogate pair. A dead parser ignores the call.
   * @throws TypeError when `text` is not a string
   */
  write(text: string): void;
  /**
   * Expects a new stream header (after SASL); white space may precede the header. A call inside the callback of an
   * element takes effect right after the element, also within the same piece of text. The call may also come later, when the
   * answer took time; if the parser has then read part of an element, the peer did not wait: a not-well-formed violation.
   * @param limits of the new stream, in place of all old limits; without this argument the old limits stay
   */
  restart(limits?: StreamLimits): void;
  /**
   * Replaces all limits of the same stream. The new limits apply at once, also to an element that is only partly read.
   * Dialback and SASL2 need this, because they authenticate without a new stream.
   */
  setLimits(limits: StreamLimits): void;
  /** Ends the parser, for example for STARTTLS: it drops the rest of the text, and no callback follows. */
  close(): void;
  /** True between elements; false before the stream header, and inside an element. */
  readonly idle: boolean;
}

/**
 * Makes a parser for one direction of one connection.
 *
 * @throws TypeError that names the argument: an unknown option, a limit that is not a whole number of 1 or more (Infinity is
 * allowed), a missing method of the listener
 */
export const createStreamParser = (options: StreamParserOptions, listener: StreamListener): StreamParser => {
  checkNames('options', options, { framed: true, ...LIMITS });
  checkMethods('listener', listener, ['streamOpen', 'element', 'streamClose', 'violation']);
  const { framed = false } = options;
  checkFlag('options.framed', framed);
  const limits = withDefaults(options, 'options');
  const state: ParserState = { dead: false, restarting: false };
  const sink = sinkTo(listener, state);
  let reader = new StreamReader(limits, framed ? 'framed' : 'header', sink);
  let reading = false;
  let unread = '';

  const startAgain = (): void => {
    state.restarting = false;
    reader = new StreamReader(limits, framed ? 'framed' : 'restart', sink);
  };

  /** @returns the number of UTF-16 units taken from `unread`; 0 when the parser must wait for more text */
  const readPiece = (at: number): number => {
    if (reader.idle) {
      // White space between elements can come for years as a keepalive, so it must not collect in the tokenizer.
      SPACES.lastIndex = at;
      const spaces = SPACES.exec(unread)?.[0].length ?? 0;
      if (spaces > 0) return spaces;
    }
    const piece = unread.slice(at, at + PIECE);
    const lone = piece.search(LONE_SURROGATE);
    const cut = lone === piece.length - 1 && isHighSurrogate(piece, lone) ? lone : -1;
    if (lone === 0 && cut !== 0) sink.fault(notWellFormed('half a surrogate pair'));
    if (lone === 0) return 0;
    const taken = reader.read(lone < 0 ? piece : piece.slice(0, lone));
    if (state.restarting) startAgain();
    return taken;
  };

  const readUnread = (): void => {
    let at = 0;
    while (!state.dead && at < unread.length) {
      const taken = readPiece(at);
      if (taken === 0) break;
      at += taken;
    }
    unread = state.dead ? '' : unread.slice(at);
  };

  return {
    write(text) {
      if (typeof text !== 'string') check(false, 'text', 'a string', text);
      if (state.dead) return;
      unread += text;
      // A callback called `write`: the running loop reads this text later.
      if (reading) return;
      reading = true;
      try {
        readUnread();
      } catch (thrown) {
        state.dead = true;
        throw thrown;
      } finally {
        reading = false;
      }
    },
    restart(newLimits) {
      if (state.dead) return;
      if (newLimits !== undefined) Object.assign(limits, replaced(newLimits));
      if (reading) state.restarting = true;
      else if (reader.idle && unread === '') startAgain();
      else sink.fault(notWellFormed('half an element before a new stream'));
    },
    setLimits(newLimits) {
      Object.assign(limits, replaced(newLimits));
    },
    close() {
      state.dead = true;
      unread = '';
    },
    get idle() {
      return !state.dead && unread === '' && reader.idle;
    },
  };
};

interface ParserState {
  /** The stream closed, broke a rule, or was closed by the embedder: the parser reads no more text. */
  dead: boolean;
  /** A callback asked for a new stream: the present reader stops after its element. */
  restarting: boolean;
}

/** Passes on the reports of the readers, and stops a reader when the parser died or restarts inside a callback. */
const sinkTo = (listener: StreamListener, state: ParserState): ReaderSink => {
  const goesOn = (): boolean => !state.dead && !state.restarting;
  return {
    open(attributes, defaultXmlns) {
      listener.streamOpen(attributes, defaultXmlns);
      return goesOn();
    },
    element(element, size) {
      listener.element(element, size);
      return goesOn();
    },
    close() {
      state.dead = true;
      listener.streamClose();
      return false;
    },
    fault(violation) {
      state.dead = true;
      listener.violation(violation);
    },
  };
};

export const LIMITS: Readonly<Record<keyof StreamLimits, true>> = {
  maxStanzaBytes: true,
  maxDepth: true,
  maxAttributes: true,
  maxElements: true,
};

const replaced = (limits: StreamLimits): ReaderLimits => {
  checkNames('limits', limits, LIMITS);
  return withDefaults(limits, 'limits');
};

const withDefaults = (given: StreamLimits, name: string): ReaderLimits => {
  const { maxStanzaBytes = 262144, maxDepth = 64, maxAttributes = 64, maxElements = 10_000 } = given;
  const limits = { maxStanzaBytes, maxDepth, maxAttributes, maxElements };
  for (const [limit, value] of Object.entries(limits)) checkLimit(`${name}.${limit}`, value, 1);
  return limits;
};

/** The size of the pieces for the tokenizer: the parser reads at most one piece beyond a limit. */
const PIECE = 4096;
const SPACES = /[\t\n\r ]+/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

const isHighSurrogate = (text: string, at: number): boolean => text.charCodeAt(at) < 0xdc00;
