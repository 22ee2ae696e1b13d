/** The connections that the host has accepted. It limits those that have not authenticated, and closes all of them when the host stops. */

/** The methods of a connection that the host calls, for clients and servers. */
interface Connection extends TransportListener {
  shutDown(): void;
}

import type { Transport, TransportListener } from '../transport-node.js';
export class Connections {
  /** Connections that have not authenticated; a further one is dropped at once. */
  readonly maxUnauthenticated: number;
  readonly #open = new Set<Connection>();
  readonly #unauthenticated = new Set<Connection>();
  #resolveEmpty = (): void => {};

  constructor(maxUnauthenticated: number) {
    this.maxUnauthenticated = maxUnauthenticated;
  }

  /** @param accept makes the connection; it is not called, and the transport is dropped, when too many have not authenticated */
  admit(transport: Transport, accept: () => Connection): TransportListener {
    if (this.#unauthenticated.size >= this.maxUnauthenticated) {
      transport.destroy();
      return REFUSED;
    }
    const connection = accept();
    this.#open.add(connection);
    this.#unauthenticated.add(connection);
    return connection;
  }

  authenticated(connection: Connection): void {
    this.#unauthenticated.delete(connection);
  }

  remove(connection: Connection): void {
    this.#unauthenticated.delete(connection);
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#resolveEmpty();
  }

  shutDown(): void {
    for (const connection of this.#open) connection.shutDown();
  }

  /** @returns resolves when no connection is left */
  async empty(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#resolveEmpty = resolve));
  }
}

const REFUSED: TransportListener = { data() {}, closed() {} };
