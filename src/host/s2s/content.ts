import type { ContentNamespace, Element } from '../../xml.js';
import { clone } from '../../xml.js';

/**
 * A copy of a stanza for a stream of the other content namespace (RFC 6120 section 4.8.3). The content of a payload, such
 * as a forwarded message, keeps its namespace.
 */
export const translated = (stanza: Element, from: ContentNamespace, to: ContentNamespace): Element => {
  const copy = clone(stanza);
  translate(copy, from, to);
  return copy;
};

const translate = (element: Element, from: ContentNamespace, to: ContentNamespace): void => {
  const children = element.getChildElements().filter((child) => child.getNS() === element.getNS());
  for (const child of children) translate(child, from, to);
  for (const [name, value] of Object.entries(element.attrs)) {
    if (value === from && /^xmlns(:|$)/.test(name)) element.attrs[name] = to;
  }
};
