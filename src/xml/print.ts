/**
 * An element as flat text, to be kept in a queue. JavaScript engines store joined text as a tree of its parts until a program
 * reads it, and a part cut from received text keeps all of the received text in memory. Flat text keeps only the stanza.
 */
import { checkElement } from '../arguments/check.js';
import type { Element } from './element.js';
import { escapeXml } from './escape.js';

/**
 * Prints an element with its children as XML text, as it stands: an xmlns that only the parent declares is not added.
 *
 * @throws TypeError when the argument is not an element
 */
export const print = (element: Element): string => {
  checkElement('element', element);
  const text = written(element);
  // A match makes the engine flatten the text first.
  return ELEMENT.test(text) ? text : '';
};

const ELEMENT = /^</;

const written = ({ name, attrs, children }: Element): string => {
  let text = `<${name}`;
  for (const key in attrs) {
    const value: unknown = attrs[key];
    if (value !== undefined && value !== null) text += ` ${key}="${inAttribute(String(value))}"`;
  }
  if (children.length === 0) return `${text}/>`;
  text += '>';
  for (const child of children) text += typeof child === 'string' ? inText(child) : written(child);
  return `${text}</${name}>`;
};

/** Includes white space, because a parser turns tabs and line ends in attributes into spaces. */
const inAttribute = (value: string): string => (/[&<>"'\t\n\r]/.test(value) ? escapeXml(value) : value);

const inText = (value: string): string => (/[&<>\r]/.test(value) ? value.replace(/[&<>\r]/g, escapeXml) : value);
