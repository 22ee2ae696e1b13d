/** A bound on what a WebSocket holds before its client has authenticated: `ws` shows a message only when it has come whole. */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** Bytes that belong to no whole message yet: a little more than an element may have, so that the parser judges elements. */
const MAX_UNREAD = 18 * 1024;
/** What each piece of TCP counts beside its bytes: many small pieces take more memory than their bytes. */
const PIECE = 64;

/**
 * Counts the bytes that come on the socket under a WebSocket, less the bytes of the messages that have come whole.
 * @param socket the TCP or TLS socket of the request that was upgraded
 * @param exceeded called once, when too much of a message has come
 * @returns ends the counting; to be called when the client has authenticated
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
