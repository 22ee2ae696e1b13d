/** Whether a port expects TLS from the first byte. */
import { connect } from 'node:tls';

export interface Port {
  readonly host: string;
  readonly port: number;
  /** The domain that the server is asked for. */
  readonly domain: string;
}

/** @param within milliseconds that the handshake may take */
export const speaksTls = ({ host, port, domain }: Port, within: number): Promise<boolean> =>
  new Promise((resolve) => {
    // Which certificate the server has is not the question.
    const socket = connect({ host, port, servername: domain, rejectUnauthorized: false });
    const done = (answer: boolean): void => {
      clearTimeout(late);
      socket.destroy();
      resolve(answer);
    };
    const late = setTimeout(() => done(false), within);
    socket.once('secureConnect', () => done(true));
    socket.on('error', () => done(false)).once('close', () => done(false));
  });
