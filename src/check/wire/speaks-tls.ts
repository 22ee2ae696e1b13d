/** Whether a port expects TLS from the first byte. */
import { connect } from 'node:tls';

export interface Port {
  readonly host: string;
  readonly port: number;
  /** The domain that the client requests from the server (SNI). */
  readonly domain: string;
}

/** @param within milliseconds that the handshake may take */
export const speaksTls = ({ host, port, domain }: Port, within: number): Promise<boolean> =>
  new Promise((resolve) => {
    // The certificate does not matter for this question.
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
