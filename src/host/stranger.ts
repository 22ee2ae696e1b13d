/** What a WebSocket may keep of a client that has not authenticated. `ws` shows a message only when it has come whole. */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** Bytes that have come and belong to no message yet: a little more than an element may have, so that the parser judges what is whole. */
const MAX_UNREAD = 18 * 1024;
/** What each piece costs beside its bytes: many small ones must not cost much either. */
const PIECE = 64;

/**
 * Counts what comes on the socket under a WebSocket against what comes out of it as messages.
 * @param socket the TCP or TLS socket of the request that was upgraded
 * @param exceeded called once, when too much of a message has come
 * @returns ends the counting: the client has authenticated
 */
export const boundStranger = (webSocket: WebSocket, socket: Socket, exceeded: () => void): (() => void) => {
  let unread = 0;
  // `ws` has taken the piece already, and what was whole in it is subtracted.
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
