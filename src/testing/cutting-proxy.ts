import { connect, createServer } from 'node:net';
import { checkNames, checkObject } from '../arguments/check.js';
import type { Cut, Direction } from './cut.js';
import { CuttableLink, type ProxiedLink } from './cuttable-link.js';

export type { Cut, Direction } from './cut.js';
export type { ProxiedLink } from './cuttable-link.js';

/** A TCP address; port 0 to listen on means any free port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface CuttingProxyOptions {
  /** The address of the server. */
  readonly target: Address;
  /** The address for clients: any free port of 127.0.0.1 by default. */
  readonly listen?: Address;
  /** Milliseconds that a cut waits for the bytes that it needs, or for an end that does not take its bytes. Default 200. */
  readonly patience?: number;
  /** Called for each new link, as soon as the server has answered. */
  readonly onConnection?: (link: ProxiedLink) => void;
}

/** A TCP proxy that breaks connections at chosen instants, to test how sessions survive. */
export interface CuttingProxy {
  /** The port clients connect to. */
  readonly port: number;
  /** The links with a socket still open, the oldest first. */
  readonly connections: readonly ProxiedLink[];
  /** Bytes forwarded over all links, living and closed. */
  readonly bytes: Readonly<Record<Direction, number>>;
  /**
   * Cuts a link. `inside` and `between` wait for their bytes; if the bytes do not come in time, the cut happens at the present place.
   * A link is cut once; only `rst` may follow another cut.
   * @returns resolves with true after the cut, or with false when the link was closed or another cut was under way
   * @throws RangeError (the promise rejects) when `keepBytes` is not a whole number above 0; the link stays as it is
   */
  cut(link: ProxiedLink, cut: Cut): Promise<boolean>;
  /** New clients get RST. */
  refuse(): void;
  /** The proxy connects new clients to the server. This is the state at the start. */
  accept(): void;
  /** Stops listening and resets the open links; resolves when every socket is closed. */
  close(): Promise<void>;
}

/** Resolves when the proxy listens; rejects with Node's error when it cannot, and with a TypeError that names a wrong option. */
export const createCuttingProxy = async (options: CuttingProxyOptions): Promise<CuttingProxy> => {
  checkNames('options', options, { target: true, listen: true, patience: true, onConnection: true });
  checkObject('options.target', options.target);
  const { target, listen = { host: '127.0.0.1', port: 0 }, patience = 200, onConnection } = options;
  const links = new Map<ProxiedLink, CuttableLink>();
  const bytes = { up: 0, down: 0 };
  let accepting = true;
  let lastId = 0;

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (!accepting) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const link = new CuttableLink(++lastId, client, server, (direction, count) => {
      bytes[direction] += count;
    });
    links.set(link, link);
    void link.closed.then(() => links.delete(link));
    server.once('connect', () => onConnection?.(link));
  });

  const proxy = (port: number): CuttingProxy => ({
    port,
    bytes,
    get connections() {
      return [...links.keys()];
    },
    async cut(link, cut) {
      if (cut.how === 'inside' && !(Number.isSafeInteger(cut.keepBytes) && cut.keepBytes > 0)) {
        throw new RangeError(`keepBytes is a whole number above 0, not ${cut.keepBytes}`);
      }
      return (await links.get(link)?.cut(cut, patience)) ?? false;
    },
    refuse() {
      accepting = false;
    },
    accept() {
      accepting = true;
    },
    async close() {
      accepting = false;
      const stopped = new Promise((resolve) => listener.close(resolve));
      await Promise.all([stopped, ...[...links.values()].map((link) => link.cut({ how: 'rst' }, patience))]);
    },
  });

  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(listen, () => {
      listener.off('error', reject);
      listener.on('error', () => {}); // ignores a connection that failed before it was accepted
      const address = listener.address();
      resolve(proxy(typeof address === 'object' && address !== null ? address.port : listen.port));
    });
  });
};
