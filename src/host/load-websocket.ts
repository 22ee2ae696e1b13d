/** Loads the code for WebSockets: only a host that listens for WebSockets needs the package `ws`, an optional peer. */

/** @returns rejects with an Error that says what to install, when `ws` is not installed */
export const loadWebSocket = (): Promise<typeof import('./websocket.js')> =>
  import('./websocket.js').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('a host of WebSockets needs the package ws, which is not installed: npm install ws');
  });
