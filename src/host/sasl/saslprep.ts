/** RFC 3454 C.1.2: spaces beyond ASCII, mapped to a plain one (RFC 4013 section 2.1). */
const SPACES = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/gu;
/** RFC 3454 B.1: commonly mapped to nothing. */
const INVISIBLE = /\u00AD|\u034F|\u1806|[\u180B-\u180D]|\u200C|\u200D|\u2060|[\uFE00-\uFE0F]|\uFEFF/gu;
/** RFC 4013 section 2.3: controls, private use, non-characters, surrogates, and what changes or breaks display. */
const PROHIBITED = new RegExp(
  [
    '\\p{Cc}|\\p{Co}|\\p{Cs}|\\p{Noncharacter_Code_Point}',
    '\\u06DD|\\u070F|\\u180E|[\\u2028-\\u202E]|[\\u2061-\\u2063]|[\\u206A-\\u206F]|[\\u{1D173}-\\u{1D17A}]',
    '[\\uFFF9-\\uFFFD]|[\\u2FF0-\\u2FFB]|\\u0340|\\u0341|\\u200E|\\u200F|\\u{E0001}|[\\u{E0020}-\\u{E007F}]',
  ].join('|'),
  'u',
);

/**
 * Prepares a user name or password (RFC 4013): mapping, NFKC, prohibited characters.
 * Left out: the rule for bidirectional text, and the frozen Unicode 3.2 with its list of unassigned code points
 * (Node's own Unicode is used).
 * @returns undefined when the text has a prohibited character, or the result is empty
 */
export const saslprep = (text: string): string | undefined => {
  const prepared = text.replace(SPACES, ' ').replace(INVISIBLE, '').normalize('NFKC');
  return prepared === '' || PROHIBITED.test(prepared) ? undefined : prepared;
};
