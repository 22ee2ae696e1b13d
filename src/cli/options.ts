/**
 * The options of a command as a table: what the help says of each option, and how the command reads its text. The name
 * of an option is its key in kebab case: `maxResources` is `--max-resources`. Each wrong option gets its own line.
 */
import { type Command, Option as HelpOption } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import { chain, type Either, getApplicativeValidation, left, map, mapLeft, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isNonEmpty, traverse } from 'fp-ts/lib/ReadonlyArray.js';
import { getSemigroup, of, type ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';

/** The value, or its faults: one line for each fault. */
export type Checked<A> = Either<ReadonlyNonEmptyArray<string>, A>;

/** Reads the text of an option. Left says what the text fails to be, such as `not HOST:PORT`. */
export type Reader<A> = (text: string) => Either<string, A>;

/** What the command line gives for each key: text, a list of texts, or true. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * A rule for several options together. It returns a line about the broken rule, or undefined when the options obey it.
 */
export type Rule<F> = (flags: F) => string | undefined;

export interface Option<A> {
  /** The placeholder in the help: `<n>`, or `[page]` for an optional value. */
  readonly placeholder?: string;
  readonly description: string;
  /** The default text: the command reads it when the option is not given. */
  readonly standard?: string;
  /** The option switches something off, and its name begins with `--no-`. */
  readonly negative?: true;
  readonly repeated?: true;
  /** @param name the name of the option, with its hyphens */
  read(given: unknown, name: string): Checked<A>;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values that a table of options gives. */
export type Flags<O extends Options> = { readonly [key in keyof O]: O[key] extends Option<infer A> ? A : never };

/** Collects the faults of all options: it does not stop at the first fault. */
export const validation = getApplicativeValidation(getSemigroup<string>());

/** @param group the heading of the options in the help */
export const addOptions = (command: Command, options: Options, group?: string): void => {
  for (const [key, option] of Object.entries(options)) {
    const { placeholder, description, standard } = option;
    const help = new HelpOption([nameOf(key, option), placeholder].filter(Boolean).join(' '), description);
    if (standard !== undefined) help.default(standard, standard);
    if (option.repeated) help.argParser((text, earlier: readonly string[] = []) => [...earlier, text]);
    if (group !== undefined) help.helpGroup(group);
    command.addOption(help);
  }
};

/** Reads every option of a table. Left has the faults of all options, in the order of the table. */
export const readOptions = <O extends Options>(options: O, given: Given): Checked<Flags<O>> =>
  pipe(
    Object.entries(options),
    traverse(validation)(([key, option]) =>
      pipe(
        option.read(given[key], nameOf(key, option)),
        map((value) => [key, value] as const),
      ),
    ),
    map((entries) => Object.fromEntries(entries) as Flags<O>),
  );

/** Joins several values into one record. Left has the faults of all values. */
export const together = sequenceS(validation);

/** Checks all rules. Left has the faults of all broken rules. */
export const obey =
  <F>(...rules: readonly Rule<F>[]) =>
  <G extends F>(flags: G): Checked<G> => {
    const faults = rules.flatMap((rule) => rule(flags) ?? []);
    return isNonEmpty(faults) ? left(faults) : right(flags);
  };

/** An option without a value. */
export const flag = (description: string): Option<boolean> => ({
  description,
  read: (given) => right(given === true),
});

/** An option without a value that switches something off: the key `resume` makes `--no-resume`. */
export const noFlag = (description: string): Option<boolean> => ({
  description,
  negative: true,
  read: (given) => right(given !== false),
});

export const optional = <A>(placeholder: string, description: string, reader: Reader<A>): Option<A | undefined> => ({
  placeholder,
  description,
  read: (given, name) => (typeof given === 'string' ? readText(reader, name)(given) : right(undefined)),
});

/** An option with an optional value: without the value, the option reads as true. */
export const optionalValue = <A>(
  placeholder: string,
  description: string,
  reader: Reader<A>,
): Option<A | true | undefined> => ({
  placeholder,
  description,
  read: (given, name) =>
    typeof given === 'string' ? readText(reader, name)(given) : right(given === true ? true : undefined),
});

/** @param standard the text of the default */
export const withDefault = <A>(
  placeholder: string,
  description: string,
  reader: Reader<A>,
  standard: string | number,
): Option<A> => ({
  placeholder,
  description,
  standard: String(standard),
  read: (given, name) => readText(reader, name)(String(given ?? standard)),
});

/**
 * An option that the user may give several times.
 * @param identity the key of a value: two values must not have the same key
 * @param secret true when the text holds a password; then no message repeats the text
 */
export const repeated = <A>(
  placeholder: string,
  description: string,
  reader: Reader<A>,
  { identity, secret = false }: { identity(value: A): string; readonly secret?: boolean },
): Option<readonly A[]> => ({
  placeholder,
  description,
  repeated: true,
  read: (given, name) =>
    pipe(
      Array.isArray(given) ? given.map(String) : [],
      traverse(validation)(readText(reader, name, secret)),
      chain(
        obey((values: readonly A[]) => {
          const names = values.map(identity);
          const twice = names.find((value, index) => names.indexOf(value) < index);
          return twice === undefined ? undefined : `${name} ${twice}: given twice`;
        }),
      ),
    ),
});

const readText =
  <A>(reader: Reader<A>, name: string, secret = false) =>
  (text: string): Checked<A> =>
    pipe(
      reader(text),
      mapLeft((fault) => of(secret ? `${name}: ${fault}` : `${name} ${text}: ${fault}`)),
    );

const nameOf = (key: string, { negative }: Option<unknown>): string =>
  `--${negative ? 'no-' : ''}${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
