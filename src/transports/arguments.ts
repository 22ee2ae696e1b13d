/** Checks the arguments of the functions for Node's sockets. */
import { check, checkMethods, checkObject, checkText } from '../arguments/check.js';
import type { TransportListener } from '../ports/index.js';

export const checkListener = (listener: TransportListener): void =>
  checkMethods('listener', listener, ['data', 'closed'], ['malformed', 'drained']);

export const checkHost = (host: string): void => checkText('options.host', host);

export const checkPort = (port: number): void =>
  check(Number.isInteger(port) && port >= 0 && port <= 65_535, 'options.port', 'a whole number from 0 to 65535', port);

/** A private key is a secret: the error does not show it. */
export const checkIdentity = (name: string, identity: { readonly key: unknown; readonly cert: unknown }): void => {
  checkObject(name, identity);
  for (const part of ['key', 'cert'] as const)
    check(isPem(identity[part]), `${name}.${part}`, PEM, typeof identity[part]);
};

const isPem = (value: unknown): boolean => typeof value === 'string' || value instanceof Uint8Array;

const PEM = 'PEM, as a string or a Buffer';
