/** Checks the arguments of public methods at the outermost edge. Inside the package, errors are values. */
import { check } from '../engine/arguments.js';
import type { PeerViolation } from '../index.js';
import { type Element, streamErrorCondition } from '../xml.js';
import type { OutgoingStanza, Stream } from './running-session.js';

export const checkStanza = (stanza: OutgoingStanza): void => {
  // One condition accepts a correct stanza, because this check runs for each stanza.
  if (!isStanza(stanza)) explain(stanza);
};

const isStanza = (stanza: OutgoingStanza | null | undefined): boolean =>
  isText(stanza?.xml) &&
  isKind(stanza?.kind) &&
  typeof stanza?.type === 'string' &&
  isKey(stanza.key) &&
  isFlag(stanza.mayWait);

const explain = (stanza: OutgoingStanza): void => {
  check(isObject(stanza) && !('getNS' in stanza), 'stanza', '{ xml, kind, type }', stanza);
  const { xml, kind, type, key, mayWait } = stanza;
  checkText('stanza.xml', xml);
  check(isKind(kind), 'stanza.kind', "'message', 'presence' or 'iq'", kind);
  check(typeof type === 'string', 'stanza.type', "its type attribute, or ''", type);
  check(isKey(key), 'stanza.key', 'text, or left out', key);
  checkFlag('stanza.mayWait', mayWait);
};

export const checkText = (name: string, text: string): void => check(isText(text), name, 'text', text);

/** A full JID is refused: it changes at every login, and would look like another owner. */
export const checkOwner = (owner: string): void =>
  check(isText(owner) && !owner.includes('/'), 'owner', 'a bare JID', owner);

export const checkDomain = (domain: string): void =>
  check(isText(domain) && !/[@/]/.test(domain), 'domain', 'a domain', domain);

export const checkPosition = (position: number): void =>
  check(Number.isSafeInteger(position) && position > 0, 'position', 'a whole number, 1 or more', position);

export const checkFlag = (name: string, flag: boolean | undefined): void =>
  check(isFlag(flag), name, 'true, false or left out', flag);

export const checkCondition = (name: string, condition: string | undefined): void =>
  check(
    condition === undefined || streamErrorCondition(condition) !== undefined,
    name,
    'a stream error condition of RFC 6120',
    condition,
  );

export const checkViolation = (violation: PeerViolation): void => {
  check(isObject(violation) && isText(violation.condition), 'violation', 'a PeerViolation', violation);
  checkCondition('violation.condition', violation.condition);
  check(typeof violation.text === 'string', 'violation.text', 'text', violation.text);
};

export const checkElement = (element: Element): void => {
  if (typeof element?.getNS !== 'function') check(false, 'element', 'an Element', element);
};

export const checkFunction = (name: string, value: unknown): void =>
  check(typeof value === 'function', name, 'a function', value);

export const checkStream = (stream: Stream): void =>
  checkMethods('stream', stream, ['write', 'close', 'destroy'], ['carry', 'pause', 'resume']);

/** The handlers of a session of either role. */
export const checkHandlers = (options: { onStanza: unknown; onReport: unknown; onTrace?: unknown }): void =>
  checkMethods('options', options, ['onStanza', 'onReport'], ['onTrace']);

/** @param optional methods that the caller may leave out */
export const checkMethods = <T extends object>(
  name: string,
  value: T,
  needed: readonly (keyof T & string)[],
  optional: readonly (keyof T & string)[] = [],
): void => {
  check(isObject(value), name, 'an object', value);
  for (const method of needed) checkFunction(`${name}.${method}`, value[method]);
  for (const method of optional) if (value[method] !== undefined) checkFunction(`${name}.${method}`, value[method]);
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isKind = (value: unknown): boolean => value === 'message' || value === 'presence' || value === 'iq';

const isKey = (value: unknown): boolean => typeof value === 'string' || value === undefined || value === null;

const isFlag = (value: unknown): boolean => typeof value === 'boolean' || value === undefined;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
