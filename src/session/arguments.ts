/** Arguments of public methods, checked where they come in (design law: errors are values inside, and a TypeError at the edge). */
import type { PeerViolation } from '../index.js';
import { type Element, streamErrorCondition } from '../xml.js';
import type { OutgoingStanza, Stream } from './running-session.js';

export const checkStanza = (stanza: OutgoingStanza): void => {
  if (!isObject(stanza) || isElement(stanza)) throw wrong('stanza', 'an object { xml, kind, type }', stanza);
  const { xml, kind, type, key, mayWait } = stanza;
  if (typeof xml !== 'string' || xml === '') throw wrong('stanza.xml', 'the stanza as text', xml);
  if (kind !== 'message' && kind !== 'presence' && kind !== 'iq')
    throw wrong('stanza.kind', "'message', 'presence' or 'iq'", kind);
  if (typeof type !== 'string') throw wrong('stanza.type', "the stanza's type attribute, or '' without one", type);
  if (typeof key !== 'string' && key !== undefined && key !== null)
    throw wrong('stanza.key', 'a text of your own, or left out', key);
  if (typeof mayWait !== 'boolean' && mayWait !== undefined)
    throw wrong('stanza.mayWait', 'true, false or left out', mayWait);
};

export const checkText = (name: string, text: string): void => {
  if (typeof text !== 'string' || text === '') throw wrong(name, 'a text that is not empty', text);
};

/** A full JID is another one at every login, and would look like another owner. */
export const checkOwner = (owner: string): void => {
  if (typeof owner !== 'string' || owner === '' || owner.includes('/'))
    throw wrong('owner', 'a bare JID, such as romeo@example.net', owner);
};

export const checkDomain = (domain: string): void => {
  if (typeof domain !== 'string' || !/^[^@/]+$/.test(domain)) throw wrong('domain', 'a domain', domain);
};

export const checkPosition = (position: number): void => {
  if (!Number.isSafeInteger(position) || position < 1)
    throw wrong('position', 'a whole number from 1, as onStanza got it', position);
};

export const checkFlag = (name: string, flag: boolean | undefined): void => {
  if (typeof flag !== 'boolean' && flag !== undefined) throw wrong(name, 'true, false or left out', flag);
};

export const checkCondition = (name: string, condition: string | undefined): void => {
  if (condition !== undefined && streamErrorCondition(condition) === undefined)
    throw wrong(name, 'a stream error condition of RFC 6120 section 4.9.3', condition);
};

export const checkViolation = (violation: PeerViolation): void => {
  if (!isObject(violation) || violation.kind !== 'peerViolation' || typeof violation.text !== 'string')
    throw wrong('violation', 'what peerViolation(condition, text) makes', violation);
  checkCondition('violation.condition', String(violation.condition));
};

export const checkElement = (element: Element): void => {
  if (!isElement(element)) throw wrong('element', 'an Element', element);
};

export const checkStream = (stream: Stream): void => {
  checkMethods('stream', stream, ['write', 'close', 'destroy'], ['carry', 'pause', 'resume']);
};

/** @param optional methods that may be left out */
export const checkMethods = <T extends object>(
  name: string,
  value: T,
  needed: readonly (keyof T & string)[],
  optional: readonly (keyof T & string)[] = [],
): void => {
  if (!isObject(value)) throw wrong(name, 'an object', value);
  for (const method of needed)
    if (typeof value[method] !== 'function') throw wrong(`${name}.${method}`, 'a function', value[method]);
  for (const method of optional)
    if (value[method] !== undefined && typeof value[method] !== 'function')
      throw wrong(`${name}.${method}`, 'a function or left out', value[method]);
};

export const wrong = (name: string, wanted: string, given: unknown): TypeError =>
  new TypeError(`${name} must be ${wanted}, not ${shown(given)}`);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Not by its class: a program may have several copies of ltx. */
const isElement = (value: unknown): boolean =>
  isObject(value) && 'getNS' in value && typeof value.getNS === 'function' && 'attrs' in value;

const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (isElement(value)) return 'an Element';
  if (typeof value === 'function') return 'a function';
  return isObject(value) ? 'an object' : String(value);
};
