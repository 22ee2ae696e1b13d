import { check } from '../arguments/check.js';

/**
 * Escapes text for XML 1.0, for an attribute in either kind of quotes and for text between tags.
 *
 * Tab, line feed and carriage return become character references, because a parser turns them into spaces in an
 * attribute. Characters that XML forbids (most control characters, half a surrogate pair, U+FFFE, U+FFFF) become
 * U+FFFD.
 *
 * @throws TypeError when `text` is not a string
 */
export const escapeXml = (text: string): string => {
  if (typeof text !== 'string') check(false, 'text', 'a string', text);
  return UNSAFE.test(text) ? text.replace(UNSAFE_ALL, escapeOne) : text;
};

const UNSAFE = /[&<>'"\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/u;
const UNSAFE_ALL = new RegExp(UNSAFE, 'gu');

const escapeOne = (char: string): string => ESCAPED.get(char) ?? (char >= '\x7F' && char <= '\x9F' ? char : '\uFFFD');

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&apos;'],
  ['"', '&quot;'],
  ['\t', '&#9;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
]);
