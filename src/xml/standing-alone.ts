import { check } from '../arguments/check.js';
import { CLIENT, STREAMS } from './names.js';
import { prefixOf } from './namespaces.js';

/** A child of the stream root in the framing of RFC 7395: the element declares its own namespace, because it has no parent. */
export const standingAlone = (element: string): string => {
  if (typeof element !== 'string') check(false, 'element', 'XML as text', element);
  const [, name = '', attributes = ''] = START_TAG.exec(element) ?? [];
  const prefix = prefixOf(name);
  const xmlns = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
  const uri = prefix === '' ? CLIENT : STREAMS;
  const isDeclared = (prefix !== '' && prefix !== 'stream') || names(attributes).includes(xmlns);
  return isDeclared ? element : `<${name} ${xmlns}='${uri}'${element.slice(name.length + 1)}`;
};

const names = (attributes: string): readonly string[] => attributes.replace(VALUES, ' ').split(/\s+/);

const START_TAG = /^<([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*)>/;
const VALUES = /\s*=\s*(?:"[^"]*"|'[^']*')|\//g;
