/** Values of command line options. A bad one is an InvalidArgumentError, which commander reports with the option's name. */
import { isIPv6 } from 'node:net';
import { InvalidArgumentError } from 'commander';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A whole number from `min` to `max`, in decimal digits. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
  };

/** Seconds from 0 to 2^32-1, as in XEP-0198's `max`; fractions are allowed. */
export function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= 0xffffffff) return value;
  throw new InvalidArgumentError('It takes seconds, 0 or more, such as 300 or 0.5.');
}

/** HOST:PORT, with an IPv6 address in brackets: `127.0.0.1:5222`, `[::1]:5222`. Port 0 is any free port. */
export function address(text: string): Address {
  const [, ipv6, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = Number(digits);
  if (host !== undefined && port <= 65535 && (ipv6 === undefined || isIPv6(ipv6))) return { host, port };
  throw new InvalidArgumentError('It takes HOST:PORT, such as 127.0.0.1:5222 or [::1]:5222.');
}

/** A host name or address with or without a port (E-7), an IPv6 address in brackets. */
export function location(text: string): string {
  if (/^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(:\d{1,5})?$/i.test(text)) return text;
  throw new InvalidArgumentError('It takes HOST or HOST:PORT, such as xmpp.example or [::1]:5222.');
}

/** As `address` reads it. */
export const formatAddress = ({ host, port }: Address): string =>
  isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
