/**
 * The options of a command as a table: what the help says of each option, and how the command reads its text. The name of an
 * option is its key in kebab case: `maxResources` is `--max-resources`. Each wrong option gets a line of its own.
 */
import { type Command, Option as HelpOption } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import { chain, type Either, getApplicativeValidation, left, map, mapLeft, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isNonEmpty, traverse } from 'fp-ts/lib/ReadonlyArray.js';
import { getSemigroup, of, type ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';

/** The value, or what is wrong: one line for each fault. */
export type Checked<A> = Either<ReadonlyNonEmptyArray<string>, A>;

/** Reads the text of an option. Left says what the text is not, such as `not HOST:PORT`. */
export type Reader<A> = (text: string) => Either<string, A>;

/** What the command line gives for each key: text, a list of texts, or true. */
export type Given = Readonly<Record<string, unknown>>;

/** What two or more options break together, in a line; undefined when nothing is broken. */
export type Rule<F> = (flags: F) => string | undefined;

export interface Option<A> {
  /** As the help shows it: `<n>`, or `[page]` for a value that may be left out. */
  readonly placeholder?: string;
  readonly description: string;
  /** The text that is read when the option is not given. */
  readonly standard?: string;
  /** The option switches off, and its name begins with `--no-`. */
  readonly negative?: true;
  readonly repeated?: true;
  /** @param name the name of the option, with its hyphens */
  read(given: unknown, name: string): Checked<A>;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

/** What the options of a table read as. */
export type Flags<O extends Options> = { readonly [key in keyof O]: O[key] extends Option<infer A> ? A : never };

/** Goes on after a fault, so that all faults are found. */
export const validation = getApplicativeValidation(getSemigroup<string>());

/** @param group the heading that the options stand under in the help */
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

/** Reads every option of a table. Left has the faults of all of them, in the order of the table. */
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

/** Several values in one record. Left has the faults of all of them. */
export const together = sequenceS(validation);

/** Left has the faults of all rules. */
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

/** An option whose value may be left out: true stands for it then. */
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
 * An option that may be given several times.
 * @param identity what differs between any two values
 * @param secret the text holds a password: no message repeats it
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
