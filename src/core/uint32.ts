/**
 * Counting modulo 2^32: the only arithmetic of XEP-0198.
 *
 * Every counter and every `h` is a Uint32, and two of them meet only in `span`. No other file compares, adds
 * or subtracts one, so there is one place where the wrap can be wrong.
 */
declare const brand: unique symbol;

/** An integer from 0 to 4294967295. */
export type Uint32 = number & { readonly [brand]: 'Uint32' };

export const ZERO = 0 as Uint32;

/** Any integer taken modulo 2^32; -1 is 4294967295. */
export const uint32 = (n: number): Uint32 => (n >>> 0) as Uint32;

/** `a` moved on by `count` stanzas; `count` may be negative. */
export const plus = (a: Uint32, count: number): Uint32 => ((a + count) >>> 0) as Uint32;

/** How many stanzas lie from `from` up to `to`: `(to - from) mod 2^32`. */
export const span = (from: Uint32, to: Uint32): number => (to - from) >>> 0;

/**
 * The lexical form of an `h` (xs:unsignedInt, A-7): digits only, white space around them collapsed, at most 4294967295.
 * A sign, a fraction, an exponent, hex or white space inside is no Uint32.
 *
 * @returns the value, or undefined
 */
export const parseUint32 = (text: string | undefined): Uint32 | undefined => {
  const digits = /^[\t\n\r ]*([0-9]{1,20})[\t\n\r ]*$/.exec(text ?? '')?.[1];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  return value <= 0xffffffff ? (value as Uint32) : undefined;
};
