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
