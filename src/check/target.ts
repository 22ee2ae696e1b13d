/** The address of a server and the transport to it. */
import { isIP, isIPv6 } from 'node:net';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tcp' | 'starttls' | 'tls' | 'ws' | 'wss';
  /** The path and the query of the WebSocket. */
  readonly path: string;
  /** The domain of all accounts. */
  readonly domain: string;
  /** Whether to accept any certificate. */
  readonly insecure: boolean;
  /** Whether the server is on this machine. */
  readonly loopback: boolean;
}

/** Host and port; for a URL also the path, and whether the transport uses TLS. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly webSocket?: { readonly tls: boolean; readonly path: string };
}

/**
 * Reads `HOST:PORT`, with an IPv6 address in brackets, or the `ws:` or `wss:` URL of a WebSocket.
 * @returns undefined when the text is neither
 */
export const parseServer = (text: string): ServerAddress | undefined =>
  /^wss?:/i.test(text) ? parseUrl(text) : parseHostPort(text);

/** Whether the address certainly belongs to this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const parseHostPort = (text: string): ServerAddress | undefined => {
  const [, ipv6, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = Number(digits);
  const isValid = host !== undefined && port <= 65535 && (ipv6 === undefined || isIPv6(ipv6));
  return isValid ? { host, port } : undefined;
};

const parseUrl = (text: string): ServerAddress | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '') return undefined;
  const tls = url.protocol === 'wss:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    webSocket: { tls, path: url.pathname + url.search },
  };
};
