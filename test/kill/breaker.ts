/**
 * The wire of one client, which can break: a proxy for TCP in front of the server. It may outlive either end, so that the server still
 * holds a connection whose client is gone.
 */
import { connect, createServer, type Socket } from 'node:net';

/**
 * - `rst`, `fin`: both ends hear it
 * - `silence`: both connections stay, and no byte gets through any more
 * - `orphan`: the client hears it, the server does not
 * - `inside-up`, `inside-down`: what goes this way ends inside an element, and then both ends hear RST
 */
export type Break = 'rst' | 'fin' | 'silence' | 'orphan' | 'inside-up' | 'inside-down';

export interface Breaker {
  readonly port: number;
  /** Breaks the present connection; without one, nothing happens. @param share of the next bytes that get through, from 0 to 1 */
  cut(how: Break, share: number): void;
  /** New connections get RST. */
  refuse(): void;
  accept(): void;
  close(): void;
}

export const openBreaker = async (target: number): Promise<Breaker> => {
  const links = new Set<Link>();
  let newest: Link | undefined;
  let isOpen = true;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (!isOpen) {
      client.resetAndDestroy();
      return;
    }
    const link = new Link(client, target, () => links.delete(link));
    links.add(link);
    newest = link;
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port,
    cut: (how, share) => newest?.cut(how, share),
    refuse() {
      isOpen = false;
    },
    accept() {
      isOpen = true;
    },
    close() {
      server.close();
      for (const link of links) link.cut('rst', 0);
    },
  };
};

/** Milliseconds that a cut inside an element waits for bytes, and for the other end to read them. */
const PATIENCE = 300;
const READING_TIME = 15;
const CLOSING_BRACKET = 0x3e;

class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  #isForwarding = true;
  /** The way on which the next bytes are torn. */
  #torn: 'up' | 'down' | undefined;
  #share = 0;

  constructor(client: Socket, target: number, gone: () => void) {
    this.#client = client;
    this.#server = connect({ host: '127.0.0.1', port: target, allowHalfOpen: true, noDelay: true });
    this.#join('up', client, this.#server);
    this.#join('down', this.#server, client);
    let open = 2;
    for (const socket of [client, this.#server])
      socket.once('close', () => {
        open -= 1;
        if (open === 0) gone();
      });
  }

  cut(how: Break, share: number): void {
    if (how === 'inside-up' || how === 'inside-down') {
      this.#share = share;
      this.#torn = how === 'inside-up' ? 'up' : 'down';
      setTimeout(() => this.#reset(), PATIENCE);
      return;
    }
    this.#isForwarding = false;
    if (how === 'rst') this.#reset();
    if (how === 'orphan') reset(this.#client);
    if (how === 'fin') {
      for (const socket of [this.#client, this.#server]) socket.end();
      setTimeout(() => this.#reset(), PATIENCE);
    }
  }

  #join(way: 'up' | 'down', from: Socket, to: Socket): void {
    from.on('data', (chunk: Buffer) => {
      if (this.#torn === way) this.#tear(to, chunk);
      else if (this.#isForwarding && !to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.on('end', () => {
      if (this.#isForwarding) to.end();
    });
    from.on('error', () => {}); // `close` follows
    from.on('close', (hadError) => {
      to.resume();
      const isTold = this.#isForwarding ? hadError || !from.readableEnded : way === 'down';
      // In silence, the server's end outlives the client's; nothing is left when the server gives its end up.
      if (isTold) reset(to);
    });
  }

  /** The other end gets a part of the bytes, which does not end with an element. */
  #tear(to: Socket, chunk: Buffer): void {
    if (!this.#isForwarding) return;
    this.#isForwarding = false;
    const length = Math.max(1, Math.floor(chunk.length * this.#share));
    const part = chunk.subarray(0, chunk[length - 1] === CLOSING_BRACKET ? length - 1 : length);
    to.write(part, () => setTimeout(() => this.#reset(), READING_TIME));
  }

  #reset(): void {
    this.#isForwarding = false;
    reset(this.#client);
    reset(this.#server);
  }
}

const reset = (socket: Socket): void => {
  // Node delays a reset until a socket is connected, and loses a socket that is reset while its FIN waits to be sent.
  const isUnready = socket.connecting || (socket.writableEnded && !socket.writableFinished);
  if (isUnready) socket.destroy();
  else socket.resetAndDestroy();
};
