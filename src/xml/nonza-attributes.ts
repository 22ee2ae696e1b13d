/** Reads and writes the attributes of the elements of stream management. */
import { parseUint32, type Uint32 } from '../core/uint32.js';
import type { Element } from './element.js';
import { escapeXml } from './escape.js';

/** The reader lowers a longer `max` to this number of seconds: 68 years, and safe to multiply by 1000. */
export const MAX_SECONDS = 2147483647;

/** xs:boolean with white space collapsed (E-10): an absent attribute gives false, a wrong value gives undefined. */
export const parseBoolean = (text: string | undefined): boolean | undefined => {
  switch (text === undefined ? 'false' : collapse(text)) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      return undefined;
  }
};

/** xs:positiveInteger with white space collapsed (E-12). */
export const parseSeconds = (text: string | undefined): number | undefined => {
  const digits = /^\+?([0-9]+)$/.exec(collapse(text ?? ''))?.[1];
  const seconds = Number(digits ?? 0);
  return seconds > 0 ? Math.min(seconds, MAX_SECONDS) : undefined;
};

/** Trims only the white space of XML: JavaScript's `trim` removes more characters. */
const collapse = (text: string): string => text.replace(/^[\t\n\r ]+/, '').replace(/[\t\n\r ]+$/, '');

export const attributeOf = (element: Element, name: string): string | undefined => textOf(element.attrs[name]);

/** The attribute as text: ltx also allows numbers and booleans in attributes. */
export const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

export const countOf = (element: Element): { readonly h?: Uint32 } => {
  const h = parseUint32(attributeOf(element, 'h'));
  return h === undefined ? {} : { h };
};

export const attribute = (name: string, value: string | number | undefined): string =>
  value === undefined ? '' : ` ${name}='${escapeXml(String(value))}'`;

export const resumeAttribute = (resume: boolean): string => (resume ? " resume='true'" : '');
