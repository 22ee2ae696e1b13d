/**
 * Counting modulo 2^32.
 *
 * Every counter and every `h` is a Uint32. After 4294967295 a counter wraps to 0, so `<` and `-` give wrong answers. All other files
 * calculate with `plus` and `span`.
 */
declare const brand: unique symbol;

/** An integer from 0 to 4294967295. */
export type Uint32 = number & { readonly [brand]: 'Uint32' };

export const ZERO = 0 as Uint32;

/** Any integer modulo 2^32; -1 gives 4294967295. */
export const uint32 = (n: number): Uint32 => (n >>> 0) as Uint32;

/** The counter `a` after `count` more stanzas; `count` may be negative. */
export const plus = (a: Uint32, count: number): Uint32 => ((a + count) >>> 0) as Uint32;

/** How many stanzas take a counter from `from` to `to`: `(to - from) mod 2^32`. */
export const span = (from: Uint32, to: Uint32): number => (to - from) >>> 0;

/**
 * Reads an `h` (xs:unsignedInt, A-7): digits only, at most 4294967295, with white space around them allowed.
 * A text with a sign, a fraction, an exponent, hex digits or white space inside is no Uint32.
 *
 * @returns the value, or undefined
 */
export const parseUint32 = (text: string | undefined): Uint32 | undefined => {
  const digits = /^[\t\n\r ]*([0-9]{1,20})[\t\n\r ]*$/.exec(text ?? '')?.[1];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  return value <= 0xffffffff ? (value as Uint32) : undefined;
};
