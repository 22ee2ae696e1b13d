/**
 * Decides which requests the inspector answers: only those of a browser on this machine, from the inspector's own page.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The browser's headers show that a request comes from a foreign page. With DNS rebinding, the name of a foreign page
 * points to this machine; then the `Host` header shows the foreign name. An IP address cannot be pointed elsewhere.
 * @param name the host name or address that the user had the inspector listen on
 * @returns why the request is refused; undefined when it is allowed
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
 * The page loads nothing from elsewhere and runs no inline script; no other page may frame it; text never becomes HTML.
 * @param framed the address of the only page that the inspector may show in a frame
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
