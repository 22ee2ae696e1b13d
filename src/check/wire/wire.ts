/** A wire carries exactly the given bytes, over TCP, TLS from the first byte, or WebSocket. */
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

export interface WireListener {
  text(text: string): void;
  /** Called when the connection has ended; no data follows. */
  gone(reason: string): void;
}

export interface Wire {
  /** Sends these elements in one write; over WebSocket each element is a message of its own. */
  write(elements: readonly string[]): void;
  /** Sends FIN after the written data, or closes the WebSocket. */
  end(): void;
  /** Drops the connection at once and sends no XMPP. */
  cut(): void;
  /** Resets the connection, so that data in flight is lost; drops a WebSocket without its closing handshake. */
  reset(): void;
  /** Whether each element is a message of its own (WebSocket). */
  readonly framed: boolean;
  /** Upgrades the connection to TLS. */
  startTls?(): Promise<void>;
}

export interface WireOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The domain that the certificate must name. */
  readonly domain: string;
  /** Whether to accept any certificate. */
  readonly insecure: boolean;
  /** Milliseconds that the connection attempt may take. */
  readonly within: number;
}

/** @returns rejects with the error of the system */
export const openTcp = async (options: WireOptions, listener: WireListener): Promise<Wire> => {
  const { host, port, tls, within } = options;
  const dial = (): Socket =>
    tls ? connectTls({ host, port, ...tlsOptions(options) }) : connectTcp({ host, port, noDelay: true });
  let socket = await connected(dial(), tls ? 'secureConnect' : 'connect', within);

  let over = false;
  let upgraded = false;
  const gone = (reason: string): void => {
    if (over) return;
    over = true;
    listener.gone(reason);
  };
  const listen = (): void => {
    const decoder = new TextDecoder();
    socket.on('data', (bytes: Buffer) => listener.text(decoder.decode(bytes, { stream: true })));
    socket.on('error', (error: NodeJS.ErrnoException) => gone(error.code ?? error.message));
    socket.on('end', () => gone('FIN'));
    socket.on('close', () => gone('closed'));
  };
  listen();

  return {
    framed: false,
    write: (elements) => void (socket.writable && socket.write(elements.join(''))),
    end: () => void socket.end(),
    cut: () => void socket.destroy(),
    reset: () => void (tls || upgraded ? socket.destroy() : socket.resetAndDestroy()),
    async startTls() {
      const plain = socket;
      plain.removeAllListeners('data').removeAllListeners('end');
      socket = await connected(connectTls({ socket: plain, ...tlsOptions(options) }), 'secureConnect', within);
      upgraded = true;
      listen();
    },
  };
};

const tlsOptions = ({ domain, insecure }: WireOptions): ConnectionOptions => ({
  servername: domain,
  rejectUnauthorized: !insecure,
});

const connected = (socket: Socket, event: string, within: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      clearTimeout(late);
      socket.destroy();
      reject(error);
    };
    const late = setTimeout(() => failed(new Error('no answer in time')), within);
    const lost = (): void => failed(new Error('the connection was closed at once'));
    socket.once('error', failed).once('close', lost);
    socket.once(event, () => {
      clearTimeout(late);
      socket.off('error', failed).off('close', lost);
      resolve(socket);
    });
  });
