/** A TCP proxy that leaves one end of a connection alone with a socket that stays open, while the other is told. */
import { connect, createServer, type Socket } from 'node:net';

export interface StrandingProxy {
  readonly port: number;
  /**
   * The newest connection: `left` keeps an open socket on which nothing comes any more, the other end is reset.
   * @returns resolves when the end that was left has closed its connection too
   */
  strand(left: 'client' | 'server'): Promise<void>;
  close(): void;
}

export const createStrandingProxy = async (target: number): Promise<StrandingProxy> => {
  const pairs: { readonly client: Socket; readonly server: Socket }[] = [];
  const proxy = createServer((client) => {
    const server = connect({ host: '127.0.0.1', port: target });
    pairs.push({ client, server });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    strand(left) {
      const pair = pairs.at(-1);
      if (pair === undefined) throw new Error('there is no connection');
      const [stays, goes] = left === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
      for (const socket of [stays, goes]) socket.removeAllListeners('data').removeAllListeners('close').resume();
      goes.resetAndDestroy();
      return new Promise((resolve) => stays.once('close', () => resolve()));
    },
    close() {
      proxy.close();
      for (const { client, server } of pairs) for (const socket of [client, server]) socket.destroy();
    },
  };
};
