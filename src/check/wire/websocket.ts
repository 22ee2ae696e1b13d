/** XMPP over WebSocket (RFC 7395): each element is a message of its own and declares its namespace. */
import { NS } from './namespaces.js';
import type { Wire, WireListener, WireOptions } from './wire.js';

/** @returns rejects with the reason, for example that the package `ws` is not installed */
export const openWebSocket = async (options: WireOptions, path: string, listener: WireListener): Promise<Wire> => {
  const { WebSocket } = await loadWs();
  return new Promise((resolve, reject) => {
    const { host, port, tls, domain, insecure, within } = options;
    const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    const socket = new WebSocket(`${tls ? 'wss' : 'ws'}://${authority}${path}`, 'xmpp', {
      handshakeTimeout: within,
      perMessageDeflate: false,
      ...(tls && { servername: domain, rejectUnauthorized: !insecure }),
    });
    let opened = false;
    const gone = (reason: string): void => {
      if (opened) listener.gone(reason);
      else reject(new Error(reason));
      opened = false;
    };
    socket.on('error', (error) => gone(error.message));
    socket.on('close', (code) => gone(`WebSocket closed, ${code}`));
    socket.on('message', (data) => listener.text(String(data)));
    socket.on('open', () => {
      opened = true;
      resolve({
        framed: true,
        write(elements) {
          if (socket.readyState !== WebSocket.OPEN) return;
          for (const element of elements) socket.send(framed(element));
        },
        end: () => socket.close(1000),
        cut: () => socket.terminate(),
        reset: () => socket.terminate(),
      });
    });
  });
};

/** The package `ws` is an optional peer dependency; only a WebSocket needs it. */
const loadWs = (): Promise<typeof import('ws')> =>
  import('ws').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('a WebSocket needs the package ws, which is not installed: npm install ws');
  });

/** Adds the namespace `jabber:client` to a stanza without a declared namespace: a WebSocket has no stream header that declares it. */
export const framed = (element: string): string => {
  const [, tag = '', rest = ''] = /^<([\w-]+)((?:\s[^>]*)?\/?>[\s\S]*)$/.exec(element) ?? [];
  const head = /^[^>]*/.exec(rest)?.[0] ?? '';
  return tag === '' || /\sxmlns=/.test(head) ? element : `<${tag} xmlns='${NS.client}'${rest}`;
};
