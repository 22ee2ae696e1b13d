/**
 * A strict parser of one direction of a framed stream (RFC 7395): messages in, ltx elements out.
 *
 * The parser checks a whole message before it reports the element.
 *
 * | input | stream error |
 * |---|---|
 * | a message that begins with anything but `<` (section 3.8), or with an XML declaration | bad-format |
 * | a message with part of an element, several elements, or text after the element | not-well-formed |
 * | anything but `<open/>` where a stream begins | invalid-namespace |
 * | input that createStreamParser refuses | the same error as there |
 */

import { check, checkMethods } from '../arguments/check.js';
import { type PeerViolation, peerViolation } from '../core/failures.js';
import type { Element } from './element.js';
import { CLIENT, FRAMING } from './names.js';
import {
  createStreamParser,
  type StreamListener,
  type StreamParser,
  type StreamParserOptions,
} from './stream-parser.js';
import { notWellFormed } from './xml-faults.js';

/** Each `write` is one message. The limits are those of a stream. */
export const createFramedParser = (options: StreamParserOptions, listener: StreamListener): StreamParser => {
  checkMethods('listener', listener, ['streamOpen', 'element', 'streamClose', 'violation']);
  let dead = false;
  let opening = true;
  const found: { readonly element: Element; readonly size: number }[] = [];

  const fail = (violation: PeerViolation): void => {
    if (dead) return;
    die();
    listener.violation(violation);
  };
  const die = (): void => {
    dead = true;
    parser.close();
  };

  const parser = createStreamParser(
    { ...options, framed: true },
    {
      streamOpen() {},
      element(element, size) {
        found.push({ element, size });
        if (found.length > 1) fail(notWellFormed('several elements in one message'));
      },
      streamClose() {},
      violation: fail,
    },
  );

  const take = (element: Element, size: number): void => {
    if (element.is('close', FRAMING)) {
      die();
      listener.streamClose();
    } else if (!opening) listener.element(element, size);
    else if (element.is('open', FRAMING)) {
      opening = false;
      listener.streamOpen(element.attrs, CLIENT);
    } else fail(peerViolation('invalid-namespace', `a stream is opened by <open/> in ${FRAMING}`));
  };

  return {
    write(text) {
      if (typeof text !== 'string') check(false, 'text', 'a string', text);
      if (dead) return;
      if (!BEGINNING.test(text)) return fail(peerViolation('bad-format', 'a message begins with its element'));
      parser.write(text);
      if (dead) return;
      const only = found.pop();
      if (only === undefined || !parser.idle) fail(notWellFormed('a message is not one whole element'));
      else take(only.element, only.size);
    },
    restart(limits) {
      opening = true;
      parser.restart(limits);
    },
    setLimits: parser.setLimits,
    close: die,
    get idle() {
      return !dead && !opening;
    },
  };
};

const BEGINNING = /^<(?!\?xml\s)/;
