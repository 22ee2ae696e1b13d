/** The ports that the host listens on, and the kind of peers on each: clients over TCP or WebSocket, or other servers. */
import {
  type Listening,
  listen as listenTcp,
  type NodeTransport,
  startTlsServer,
  type TlsIdentity,
  type Transport,
  type TransportListener,
} from '../transport-node.js';
import { type Framing, tcpFraming, webSocketFraming } from '../xml.js';
import { loadWebSocket } from './load-websocket.js';
import type { ListenOptions } from './options.js';

/** The way in which a client connected, and the functions of its port for the connection. */
export interface Port {
  readonly framing: Framing;
  /** Begins the TLS handshake: called right after `<proceed/>`. Undefined when there is no STARTTLS. */
  readonly startTls?: (() => void) | undefined;
  /** Called when the client has authenticated. */
  readonly trusted?: (() => void) | undefined;
}

export interface ListenersOptions {
  readonly tls: TlsIdentity | undefined;
  /** WebSocket connections that may be at their handshakes. */
  readonly maxHandshakes: number;
  readonly acceptClient: (transport: Transport, port: Port) => TransportListener;
  /** Undefined when the host has no traffic with other servers. */
  readonly acceptServer: ((transport: Transport) => TransportListener) | undefined;
}

export class Listeners {
  readonly #options: ListenersOptions;
  readonly #open: Listening[] = [];

  constructor(options: ListenersOptions) {
    this.#options = options;
  }

  /** @returns rejects when the port is not available, and with RangeError for options that exclude each other */
  async open(wanted: ListenOptions): Promise<Listening> {
    const opened = await (wanted.websocket ? this.#listenWebSocket(wanted) : this.#listenTcp(wanted));
    this.#open.push(opened);
    return opened;
  }

  /** Stops accepting at once; resolves when the last connection is gone. */
  async close(): Promise<void> {
    await Promise.all(this.#open.map((listening) => listening.close()));
  }

  async #listenTcp(wanted: ListenOptions): Promise<Listening> {
    if (!wanted.s2s) return listenTcp(this.#addressOf(wanted), (transport) => this.#acceptTcp(transport));
    const { acceptServer } = this.#options;
    if (acceptServer === undefined || wanted.direct) throw serversOnly();
    return listenTcp(this.#addressOf(wanted), acceptServer);
  }

  async #listenWebSocket(wanted: ListenOptions): Promise<Listening> {
    if (wanted.s2s) throw serversOnly();
    const { acceptClient, maxHandshakes } = this.#options;
    const { pingInterval = 60 } = wanted;
    const address = this.#addressOf(wanted);
    const { listenWebSocket } = await loadWebSocket();
    return listenWebSocket({ ...address, pingInterval, maxHandshakes }, (transport, trusted) =>
      acceptClient(transport, { framing: webSocketFraming, trusted }),
    );
  }

  #acceptTcp(transport: NodeTransport): TransportListener {
    const { tls, acceptClient } = this.#options;
    return acceptClient(transport, { framing: tcpFraming, startTls: tls && (() => startTlsServer(transport, tls)) });
  }

  #addressOf({ host, port, direct }: ListenOptions): { host: string; port: number; tls?: TlsIdentity } {
    if (!direct) return { host, port };
    const { tls } = this.#options;
    if (tls === undefined) throw new RangeError('direct TLS needs a key and a certificate');
    return { host, port, tls };
  }
}

const serversOnly = (): RangeError => new RangeError('other servers come over plain TCP, and only with the option s2s');
