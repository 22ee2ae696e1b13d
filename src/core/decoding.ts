/** Decoders read values that come from outside. A decoder gives a value with its type, or everything that is wrong with the value. */
import { type Either, left, map, mapLeft, pipe, right, separate } from './fp-ts.js';

/**
 * What is wrong, a line for each field, to print after the name of the value: `.timers.ackIdle must be a time or null`.
 * A line does not show the value, which may be a secret.
 */
export type Faults = readonly string[];

/** @param around the object of which the value is a field: the check of some fields needs another field */
export type Decoder<A> = (value: unknown, around: Fields) => Either<Faults, A>;

export type Fields = Readonly<Record<string, unknown>>;

/** @param what completes the sentence `the value must be ...` */
export const must =
  <A>(what: string, fits: (value: unknown, around: Fields) => value is A): Decoder<A> =>
  (value, around) =>
    fits(value, around) ? right(value) : left([` must be ${what}`]);

/** All values, or all faults. It takes linear time; `traverse` of fp-ts takes more. */
const all = <A>(decoded: readonly Either<Faults, A>[]): Either<Faults, readonly A[]> => {
  const { left: faults, right: values } = separate(decoded);
  return faults.length > 0 ? left(faults.flat()) : right(values);
};

/** Reads every field that has a decoder here, and leaves out every other field. */
export const object = <A extends object>(decoders: { readonly [name in keyof A]: Decoder<A[name]> }): Decoder<A> => {
  const names = Object.keys(decoders) as (keyof A & string)[];
  const fields = names.map((name) => ({ name, decoder: decoders[name], inside: mapLeft(placed(`.${name}`)) }));
  /** It fills one object, because a new object for each field is slow: this runs for each stanza of a record. */
  const together = (values: readonly A[keyof A][]): A => {
    const read: Partial<A> = {};
    for (let n = 0; n < names.length; n++) read[names[n] as keyof A] = values[n];
    return read as A;
  };
  return (value) =>
    isObject(value)
      ? pipe(all(fields.map(({ name, decoder, inside }) => inside(decoder(value[name], value)))), map(together))
      : NO_OBJECT;
};

/** The same for an object that may lack any of the fields. */
export const partial =
  <A extends object>(decoders: { readonly [name in keyof A]: Decoder<A[name]> }): Decoder<Partial<A>> =>
  (value, around) => {
    if (!isObject(value)) return NO_OBJECT;
    const present = Object.entries(decoders).filter(([name]) => value[name] !== undefined);
    return object(Object.fromEntries(present) as { readonly [name in keyof A]: Decoder<A[name]> })(value, around);
  };

export const list =
  <A>(decoder: Decoder<A>): Decoder<readonly A[]> =>
  (value, around) =>
    Array.isArray(value)
      ? all(
          Array.from(value, (item, index) =>
            pipe(
              decoder(item, around),
              mapLeft((faults) => placed(`[${index}]`)(faults)),
            ),
          ),
        )
      : left([' must be a list']);

/** Puts the place of a value in front of its faults. */
const placed =
  (place: string) =>
  (faults: Faults): Faults =>
    faults.map((fault) => `${place}${fault}`);

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NO_OBJECT: Either<Faults, never> = /* @__PURE__ */ left([' must be an object']);

export const flag = must('true or false', (value): value is boolean => typeof value === 'boolean');

export const textOrNull = must(
  'text or null',
  (value): value is string | null => value === null || typeof value === 'string',
);

export const text = must('text', (value): value is string => typeof value === 'string');

/** @param most a bound that keeps arithmetic exact */
export const wholeNumber = <N extends number>(least: number, most = Number.MAX_SAFE_INTEGER): Decoder<N> =>
  must(
    `a whole number from ${least} to ${most}`,
    (value): value is N => isWhole(value) && value >= least && value <= most,
  );

export const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

export const oneOf = <const W extends string>(words: readonly W[]): Decoder<W> =>
  must(words.map((word) => `'${word}'`).join(' or '), (value): value is W => words.some((word) => word === value));
