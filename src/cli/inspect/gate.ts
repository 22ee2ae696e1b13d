/** Who may talk to the inspector: this machine's browser, at the page that we gave it, and nobody else's page. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * A foreign page gives itself away by what the browser says of it; one whose name was made to point here (DNS rebinding), by
 * the name it asks for. An address cannot be made to point elsewhere.
 * @param name what the user had us listen on
 * @returns why the request is refused, undefined when it is not
 */
export const refusal = ({ method, headers }: IncomingMessage, name: string): string | undefined => {
  const { host, origin, 'sec-fetch-site': site } = headers;
  if (method !== 'GET' && method !== 'HEAD') return 'only GET is answered here';
  if (host === undefined || !isOurs(nameIn(host), name)) return 'this is not the name of the inspector';
  if (origin !== undefined && origin !== `http://${host}`) return 'this page is for nobody else';
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'this page is for nobody else';
  return undefined;
};

/**
 * Nothing from elsewhere, nothing inline, in nobody's frame; text never becomes HTML.
 * @param framed the address of the one page that may be in a frame of ours
 */
export const headersFor = (framed?: string): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `frame-src ${framed === undefined ? "'none'" : new URL(framed).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
});

const nameIn = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();

const isOurs = (asked: string, name: string): boolean =>
  asked === 'localhost' || asked === name.toLowerCase() || isIP(asked) !== 0;
