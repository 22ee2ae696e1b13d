/** A connection that carries exactly the bytes it is given: TCP, TLS from the first byte, or WebSocket. */
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

export interface WireListener {
  text(text: string): void;
  /** It is gone; nothing follows. */
  gone(reason: string): void;
}

export interface Wire {
  /** Each is an element; they leave in one write, or in one message each over WebSocket. */
  write(elements: readonly string[]): void;
  /** Sends FIN behind what was written, or closes the WebSocket. */
  end(): void;
  /** Drops the connection at once, without a word of XMPP. */
  cut(): void;
  /** Resets it, so that what is on its way is lost; closes a WebSocket without its closing handshake. */
  reset(): void;
  /** Whether each element is a message of its own. */
  readonly framed: boolean;
  /** Upgrades to TLS. */
  startTls?(): Promise<void>;
}

export interface WireOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The name that the certificate has to bear. */
  readonly domain: string;
  /** Take any certificate. */
  readonly insecure: boolean;
  /** Milliseconds that connecting may take. */
  readonly within: number;
}

/** @returns rejects with the system's error */
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
