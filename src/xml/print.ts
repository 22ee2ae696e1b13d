/**
 * An element as text that is to be kept. Text that is put together stays a tree of its parts until somebody reads it, and the
 * parts that were cut from what was received keep all of that in memory: a stanza in a queue must hold no more than itself.
 */
import type { Element } from './element.js';
import { escapeXml } from './escape.js';

export const print = (element: Element): string => {
  const text = written(element);
  // Whoever matches a text has it put together first.
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

/** White space too: a parser would make spaces of it. */
const inAttribute = (value: string): string => (/[&<>"'\t\n\r]/.test(value) ? escapeXml(value) : value);

const inText = (value: string): string => (/[&<>\r]/.test(value) ? value.replace(/[&<>\r]/g, escapeXml) : value);
