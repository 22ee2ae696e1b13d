/** Checks the arguments of public functions at the outermost edge. Inside the package, errors are values. */

/** @throws TypeError that names the argument and says what it must be, when the value does not fit */
export const check = (fits: boolean, name: string, wanted: string, given: unknown): void => {
  if (!fits) throw new TypeError(`${name} must be ${wanted}, not ${shown(given)}`);
};

export const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if ('getNS' in value) return 'an Element';
  return Array.isArray(value) ? 'a list' : 'an object';
};

export const checkText = (name: string, text: string): void => check(isText(text), name, 'text', text);

export const checkFlag = (name: string, flag: boolean | undefined): void =>
  check(isFlag(flag), name, 'true or false', flag);

/** A limit may be Infinity. */
export const checkLimit = (name: string, limit: number, least = 0): void =>
  check(
    (Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY) && limit >= least,
    name,
    `a whole number, ${least} or more`,
    limit,
  );

export const checkSeconds = (name: string, seconds: number): void =>
  check(typeof seconds === 'number' && seconds >= 0, name, 'a number of seconds, 0 or more', seconds);

export const checkElement = (name: string, element: { getNS(): unknown }): void => {
  // The code prepares the error only for a wrong value, because this check runs for each stanza.
  if (typeof element?.getNS !== 'function') check(false, name, 'an Element', element);
};

export const checkFunction = (name: string, value: unknown): void =>
  check(typeof value === 'function', name, 'a function', value);

export const checkObject = (name: string, value: unknown): void => check(isObject(value), name, 'an object', value);

/** @param optional methods that the caller may leave out */
export const checkMethods = <T extends object>(
  name: string,
  value: T,
  needed: readonly (keyof T & string)[],
  optional: readonly (keyof T & string)[] = [],
): void => {
  checkObject(name, value);
  for (const method of needed) checkFunction(`${name}.${method}`, value[method]);
  for (const method of optional) if (value[method] !== undefined) checkFunction(`${name}.${method}`, value[method]);
};

/**
 * Refuses a plain object that has a name other than these. An object of a class may have fields of its own. The record makes the
 * compiler report a missing name.
 */
export const checkNames = <T extends object>(name: string, value: T, known: Readonly<Record<keyof T, true>>): void => {
  checkObject(name, value);
  if (value.constructor !== Object) return;
  for (const key of Object.keys(value))
    check(Object.hasOwn(known, key), `a name in ${name}`, Object.keys(known).join(' or '), key);
};

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isFlag = (value: unknown): boolean => typeof value === 'boolean' || value === undefined;
