import { unescapeXML } from 'ltx/src/escape.js';
import { check } from '../arguments/check.js';
import { Element } from './element.js';

/**
 * Reads a nonza that this package printed as an element: attributes, and no children. The text does not come from a peer, so
 * it needs no strict parser.
 */
export const ownElement = (xml: string): Element => {
  check(typeof xml === 'string', 'xml', 'a string', xml);
  const [, name = '', attributes = ''] = EMPTY_ELEMENT.exec(xml) ?? [];
  const element = new Element(name);
  for (const [, key = '', value = ''] of attributes.matchAll(ATTRIBUTE)) element.attrs[key] = unescapeXML(value);
  return element;
};

const EMPTY_ELEMENT = /^<([^\s/>]+)(.*)\/>$/s;
const ATTRIBUTE = / ([^\s=]+)='([^']*)'/g;
