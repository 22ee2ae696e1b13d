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
 * CDATA inside an element is text. The root's content namespace is the embedder's to judge.
 */

import type { PeerViolation } from '../core/failures.js';
import type { Element } from './element.js';
import { createReader, type ReaderLimits, type ReaderSink } from './stream-reader.js';
import { notWellFormed } from './xml-faults.js';

export interface StreamLimits {
  /**
   * The greatest size of the stream header and of each top-level element, in UTF-16 units of its text as it came
   * (between a third of its bytes in UTF-8 and all of them). It is enforced while the element is still being read,
   * inside a tag too. Default 262144.
   */
  readonly maxStanzaBytes?: number;
  /** How many levels of elements there may be below the stream root; a stanza is level 1. Default 64. */
  readonly maxDepth?: number;
  /** Attributes of one element, namespace declarations included. Default 64. */
  readonly maxAttributes?: number;
  /** Elements in one top-level element, itself included: small ones cost far more memory than text. Default 10000. */
  readonly maxElements?: number;
}

export interface StreamParserOptions extends StreamLimits {
  /** No stream root: elements come one after the other, as in the frames of RFC 7395. Default false. */
  readonly framed?: boolean;
}

/** Called from inside `write`, in wire order. Whatever a callback throws comes out of `write`, and ends the parser. */
export interface StreamListener {
  /** The stream header was read. `defaultXmlns` is '' when it declares no default namespace. */
  streamOpen(attributes: Readonly<Record<string, string>>, defaultXmlns: string): void;
  /**
   * A child of the stream root is complete. It has no parent: the default namespace of the stream and the prefixes
   * it uses of the header are declared on it. `size` is in UTF-16 units, as it came.
   */
  element(element: Element, size: number): void;
  /** The stream was closed. Nothing follows. */
  streamClose(): void;
  /** The stream error to send before closing. Nothing follows. */
  violation(violation: PeerViolation): void;
}

export interface StreamParser {
  /** Reads on. Text may be cut anywhere, also inside a surrogate pair. Ignored once the parser is dead. */
  write(text: string): void;
  /**
   * Expects a new stream header, which white space may precede (after SASL). Called from inside the callback of an
   * element it takes effect right behind that element, also in the same text. Called later, because the answer took
   * time, it is a violation, not-well-formed, when the peer did not wait for it and half an element has been read.
   * @param limits of the new stream, in place of all the old ones; without them those stay
   */
  restart(limits?: StreamLimits): void;
  /**
   * Other limits on the same stream, in place of all the old ones: they hold from now on, also for an element that is being
   * read. Dialback and SASL2 authenticate without a new stream.
   */
  setLimits(limits: StreamLimits): void;
  /** Ends the parser: what is left of the text is dropped and no callback follows (so for STARTTLS). */
  close(): void;
  /** True between elements; false before the stream header, and when part of an element has been read. */
  readonly idle: boolean;
}

export const createStreamParser = (options: StreamParserOptions, listener: StreamListener): StreamParser => {
  const { framed = false } = options;
  const limits = withDefaults(options);
  let dead = false;
  let restarting = false;
  let reading = false;
  let unread = '';

  const sink: ReaderSink = {
    open(attributes, defaultXmlns) {
      listener.streamOpen(attributes, defaultXmlns);
      return !dead && !restarting;
    },
    element(element, size) {
      listener.element(element, size);
      return !dead && !restarting;
    },
    close() {
      dead = true;
      listener.streamClose();
      return false;
    },
    fault(violation) {
      dead = true;
      listener.violation(violation);
    },
  };
  let reader = createReader(limits, framed ? 'framed' : 'header', sink);

  const startAgain = (): void => {
    restarting = false;
    reader = createReader(limits, framed ? 'framed' : 'restart', sink);
  };

  /** @returns how much of `unread` was taken; 0 when it has to wait for more */
  const readPiece = (at: number): number => {
    if (reader.idle) {
      // White space between elements keeps a connection alive for years: it may not pile up in the tokenizer.
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
    if (restarting) startAgain();
    return taken;
  };

  const readUnread = (): void => {
    let at = 0;
    while (!dead && at < unread.length) {
      const taken = readPiece(at);
      if (taken === 0) break;
      at += taken;
    }
    unread = dead ? '' : unread.slice(at);
  };

  return {
    write(text) {
      if (dead) return;
      unread += text;
      // Written from inside a callback: the loop that runs reads it when its turn comes.
      if (reading) return;
      reading = true;
      try {
        readUnread();
      } catch (thrown) {
        dead = true;
        throw thrown;
      } finally {
        reading = false;
      }
    },
    restart(newLimits) {
      if (dead) return;
      if (newLimits !== undefined) Object.assign(limits, withDefaults(newLimits));
      if (reading) restarting = true;
      else if (reader.idle && unread === '') startAgain();
      else sink.fault(notWellFormed('half an element before a new stream'));
    },
    setLimits(newLimits) {
      Object.assign(limits, withDefaults(newLimits));
    },
    close() {
      dead = true;
      unread = '';
    },
    get idle() {
      return !dead && unread === '' && reader.idle;
    },
  };
};

const withDefaults = ({
  maxStanzaBytes = 262144,
  maxDepth = 64,
  maxAttributes = 64,
  maxElements = 10_000,
}: StreamLimits): ReaderLimits => ({ maxStanzaBytes, maxDepth, maxAttributes, maxElements });

/** What is given to the tokenizer at once: so much at most is buffered or read beyond a limit. */
const PIECE = 4096;
const SPACES = /[\t\n\r ]+/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

const isHighSurrogate = (text: string, at: number): boolean => text.charCodeAt(at) < 0xdc00;
