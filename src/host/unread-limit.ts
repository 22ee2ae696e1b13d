/** A limit on the unread bytes of a WebSocket before its client has authenticated: `ws` shows a message only when it is complete. */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** The most bytes of an incomplete message: a little more than an element may have, so that the parser applies its own limit first. */
const MAX_UNREAD = 18 * 1024;
/** The extra bytes that each TCP chunk counts, because many small chunks take more memory than their bytes. */
const PIECE = 64;

/**
 * Counts the bytes that come on the socket under a WebSocket, without the bytes of complete messages.
 * @param socket the TCP or TLS socket of the request that was upgraded
 * @param exceeded called once, when too much of a message has come
 * @returns a function that ends the counting; call it when the client has authenticated
 */
export const limitUnread = (webSocket: WebSocket, socket: Socket, exceeded: () => void): (() => void) => {
  let unread = 0;
  // `ws` has read this piece already: `shown` has subtracted the messages that it completed.
  const arrived = (piece: Buffer): void => {
    unread += piece.length + PIECE;
    if (unread <= MAX_UNREAD) return;
    trusted();
    exceeded();
  };
  const shown = (message: { readonly length?: number }): void => {
    unread -= message.length ?? 0;
  };
  const trusted = (): void => {
    socket.off('data', arrived);
    webSocket.off('message', shown).off('ping', shown);
  };
  socket.on('data', arrived);
  webSocket.on('message', shown).on('ping', shown);
  return trusted;
};
