/** Namespaces in XML 1.0, for a tokenizer that does not handle namespaces. */

/** The prefixes in force at one place; the prototype has the prefixes of the outer elements. */
export type Prefixes = { [prefix: string]: string };

export const noPrefixes = (): Prefixes => Object.create(null);

/**
 * Checks the names in a start tag and adds the prefixes that the tag declares.
 *
 * @param outer the prefixes in force around the element; the function does not change it
 * @param elsewhere looks up a prefix that `outer` and the tag do not have
 * @returns the prefixes in force inside the element (`outer` itself when the tag declares no prefix), or a text that names the
 * broken rule of namespaces
 */
export const openScope = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  outer: Prefixes,
  elsewhere: (prefix: string) => string | undefined,
): Prefixes | string => {
  let scope = outer;
  let prefixed: string[] | undefined;
  for (const attribute in attributes) {
    const value = attributes[attribute] ?? '';
    if (attribute === 'xmlns') {
      if (value === XML || value === XMLNS) return 'reserved namespace as default namespace';
    } else if (attribute.includes(':')) {
      if (!QNAME.test(attribute)) return 'malformed attribute name';
      if (attribute.startsWith('xmlns:')) {
        const prefix = attribute.slice(6);
        if (!isBindable(prefix, value)) return 'reserved or empty namespace declaration';
        if (scope === outer) scope = Object.create(outer) as Prefixes;
        scope[prefix] = value;
      } else {
        prefixed ??= [];
        prefixed.push(attribute);
      }
    }
  }
  // Names are checked after all declarations: a declaration is valid for the element's name and all its attributes, in any order.
  const resolve = (prefix: string): string | undefined =>
    prefix === 'xml' ? XML : (scope[prefix] ?? elsewhere(prefix));
  if (name.includes(':')) {
    if (!QNAME.test(name)) return 'malformed element name';
    if (resolve(prefixOf(name)) === undefined) return 'undeclared prefix of an element';
  }
  return prefixed === undefined ? scope : (faultIn(prefixed, resolve) ?? scope);
};

/** The part of a name before its colon, or '' when the name has no colon. */
export const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(':')));

const faultIn = (prefixed: readonly string[], resolve: (prefix: string) => string | undefined): string | undefined => {
  const seen = new Set<string>();
  for (const attribute of prefixed) {
    const prefix = prefixOf(attribute);
    const uri = resolve(prefix);
    if (uri === undefined) return 'undeclared prefix of an attribute';
    seen.add(`${attribute.slice(prefix.length + 1)} ${uri}`);
  }
  return seen.size < prefixed.length ? 'duplicate attribute' : undefined;
};

const isBindable = (prefix: string, uri: string): boolean =>
  prefix === 'xml' ? uri === XML : prefix !== 'xmlns' && uri !== '' && uri !== XML && uri !== XMLNS;

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** Exactly one colon, and after it a character that can begin a name; the tokenizer has checked the rest. */
const QNAME = /^[^:]+:(?![\u0300-\u036F\-.0-9\u00B7\u203F\u2040])[^:]+$/u;
