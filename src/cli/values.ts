/** Values of command-line options, read from their text. */
import { isIPv6 } from 'node:net';
import { fromPredicate, left, right } from 'fp-ts/lib/Either.js';
import type { Reader } from './options.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Any text: the name of a file, for example. */
export const anyText: Reader<string> = right;

/** A whole number from `min` to `max`, in decimal digits. */
export const wholeNumber = (min: number, max: number): Reader<number> => {
  const fault = `not a whole number from ${min} to ${max}`;
  return (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= min && value <= max ? right(value) : left(fault);
  };
};

/** Seconds from 0 to 2^32-1, as in XEP-0198's `max`; fractions are allowed. */
export const seconds: Reader<number> = (text) => {
  const value = Number(text);
  return /^\d+(\.\d+)?$/.test(text) && value <= 0xffffffff ? right(value) : left('not seconds, such as 300 or 0.5');
};

/** HOST:PORT, with an IPv6 address in brackets: `127.0.0.1:5222`, `[::1]:5222`. Port 0 is any free port. */
export const address: Reader<Address> = (text) => {
  const [, ipv6, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = Number(digits);
  if (host !== undefined && port <= 65535 && (ipv6 === undefined || isIPv6(ipv6))) return right({ host, port });
  return left('not HOST:PORT, such as 127.0.0.1:5222 or [::1]:5222');
};

/** A host name or address with or without a port (E-7), an IPv6 address in brackets. */
export const location: Reader<string> = fromPredicate(
  (text) => /^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(:\d{1,5})?$/i.test(text),
  () => 'not HOST or HOST:PORT, such as xmpp.example or [::1]:5222',
);

/** Accepts each of these words. */
export const oneOf =
  <const W extends string>(...words: readonly W[]): Reader<W> =>
  (text) => {
    const word = words.find((one) => one === text);
    return word === undefined ? left(`not one of ${words.join(', ')}`) : right(word);
  };

/** The address of a web page. */
export const webPage: Reader<string> = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return right(url.href);
  return left('not the address of a page, such as https://stately.ai/inspect');
};

/** Writes an address in the form that `address` reads. */
export const formatAddress = ({ host, port }: Address): string =>
  isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
