/** Checks the arguments of the methods of a session and of its link. */
import { check, checkFlag, checkMethods, checkNames, checkText, isObject, isText } from '../arguments/check.js';
import type { PeerViolation } from '../index.js';
import { streamErrorCondition } from '../xml.js';
import type { OutgoingStanza, Stream } from './running-session.js';

export const checkStanza = (stanza: OutgoingStanza): void => {
  check(isObject(stanza) && !('getNS' in stanza), 'stanza', '{ xml, kind, type }', stanza);
  const { xml, kind, type, key, bytes, mayWait } = stanza;
  checkText('stanza.xml', xml);
  check(isKind(kind), 'stanza.kind', "'message', 'presence' or 'iq'", kind);
  check(typeof type === 'string', 'stanza.type', 'a string', type);
  check(isKey(key), 'stanza.key', 'a string', key);
  check(isSize(bytes, xml), 'stanza.bytes', 'a size in bytes', bytes);
  checkFlag('stanza.mayWait', mayWait);
};

/** A full JID is refused: it changes at every login, and would look like another owner. */
export const checkOwner = (owner: string): void =>
  check(isText(owner) && !owner.includes('/'), 'owner', 'a bare JID', owner);

export const checkDomain = (domain: string): void =>
  check(isText(domain) && !/[@/]/.test(domain), 'domain', 'a domain', domain);

export const checkPosition = (position: number): void =>
  check(Number.isSafeInteger(position) && position > 0, 'position', 'a whole number above 0', position);

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
  check(typeof violation.text === 'string', 'violation.text', 'a string', violation.text);
};

export const checkStream = (stream: Stream): void =>
  checkMethods('stream', stream, ['write', 'close', 'destroy'], ['carry', 'pause', 'resume']);

/**
 * The options of a session of either role.
 *
 * @param functions the options, beside the handlers, that must be functions
 */
export const checkSessionOptions = <T extends object>(
  options: T,
  known: Readonly<Record<keyof T, true>>,
  functions: readonly (keyof T & string)[],
): void => {
  checkNames('options', options, known);
  const needed = ['onStanza', 'onReport', ...functions];
  checkMethods<Partial<Record<string, unknown>>>('options', options, needed, ['lateText']);
};

const isKind = (value: unknown): boolean => value === 'message' || value === 'presence' || value === 'iq';

const isKey = (value: unknown): boolean => typeof value === 'string' || value === undefined || value === null;

/** UTF-8 has at least one byte for each UTF-16 unit. */
const isSize = (bytes: number | undefined, xml: string): boolean =>
  bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= xml.length);
