/**
 * Binds a WebSocket to the transport port, for XMPP over WebSocket (RFC 7395). The WebSocket comes from a browser, from Node or
 * from the package `ws`, at either end. The transport does not know XML: `webSocketFraming` of `smacks/xml` makes and reads messages.
 */
import { checkFlag, checkFunction, checkMethods, checkNames } from '../arguments/check.js';
import type { Transport, TransportListener } from '../ports/index.js';

/** The subprotocol to ask for (RFC 7395 section 3.1). */
export const SUBPROTOCOL = 'xmpp';

/** The part of a WHATWG WebSocket that this adapter uses; only `ws` has the optional members. */
export interface WebSocketLike {
  readonly protocol: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly url?: string;
  /** Sends one text message. */
  send(data: string): void;
  /** Starts the closing handshake. */
  close(code?: number): void;
  /** Drops the connection at once. */
  terminate?(): void;
  /** Stops reading. */
  pause?(): void;
  /** Starts reading again. */
  resume?(): void;
  /** Listens to messages, to an error, and to the end. */
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: object) => void): void;
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly wasClean: boolean }) => void,
  ): void;
}

export interface WebSocketOptions {
  /** Whether the WebSocket runs over TLS. Default: whether its URL begins with `wss:`. */
  readonly secure?: boolean;
  /** Whether both ends are on this machine. Default false. */
  readonly loopback?: boolean;
}

/** The limit of unsent text, in UTF-16 code units: above it the connection counts as dead. It bounds our memory. */
const MAX_UNSENT = 16 * 1024 * 1024;
/** Above this amount of unsent text the transport is full, in UTF-16 code units. */
const FULL = 1024 * 1024;
/** How often a full transport looks whether the text is sent, in milliseconds: a WebSocket has no event for this. */
const LOOK = 10;
/** How long `end` waits for the peer, in milliseconds. */
const END_GRACE = 2_000;
const OPEN = 1;

/**
 * Each `write` sends one message, and each `data` call gets one message. The listener gets `malformed` for a binary message, and for
 * a message that `ws` finds too long or not in UTF-8; after such a `ws` error the transport cannot send. A browser cannot stop
 * reading, so `pause` has no effect there.
 *
 * @param socket an open WebSocket that no other code reads
 * @throws TypeError that names the argument
 * @throws Error when `socket` is not open, or the server did not choose the subprotocol `xmpp`
 */
export const fromWebSocket = (
  socket: WebSocketLike,
  listen: (transport: Transport) => TransportListener,
  options: WebSocketOptions = {},
): Transport => {
  checkMethods('socket', socket, ['send', 'close', 'addEventListener']);
  checkFunction('listen', listen);
  const { secure = socket.url?.startsWith('wss:') ?? false, loopback = false } = checked(options);
  demandOpen(socket);
  let state: 'open' | 'ending' | 'destroyed' | 'closed' = 'open';
  let reason: Error | undefined;
  let grace: ReturnType<typeof setTimeout> | undefined;

  const transport: Transport = {
    secure,
    loopback,
    get isFull() {
      return socket.bufferedAmount > FULL;
    },
    write(text) {
      if (state !== 'open' || socket.readyState !== OPEN) return;
      socket.send(text);
      if (socket.bufferedAmount > MAX_UNSENT) fail(new Error('the peer does not take what is sent'));
      else if (transport.isFull) room.await();
    },
    end() {
      if (state !== 'open') return;
      state = 'ending';
      socket.close(NORMAL);
      grace = setTimeout(() => transport.destroy(), END_GRACE);
    },
    destroy() {
      if (state === 'destroyed' || state === 'closed') return;
      state = 'destroyed';
      clearTimeout(grace);
      if (socket.terminate !== undefined) socket.terminate();
      else {
        // A browser keeps waiting for a dead peer; the listener learns of the close at once.
        socket.close();
        queueMicrotask(closed);
      }
    },
    pause: () => socket.pause?.(),
    resume: () => socket.resume?.(),
  };

  const closed = (): void => {
    if (state === 'closed') return;
    state = 'closed';
    clearTimeout(grace);
    room.forget();
    listener.closed(reason);
  };

  const fail = (cause: Error): void => {
    reason ??= cause;
    transport.destroy();
  };

  const malformed = (cause: Error): void => {
    if (listener.malformed === undefined) fail(cause);
    else listener.malformed(cause);
  };

  const room = watchRoom(socket, () => {
    if (state === 'open') listener.drained?.();
  });
  const listener = listen(transport);
  checkMethods('listener', listener, ['data', 'closed'], ['malformed', 'drained']);
  socket.addEventListener('message', ({ data }) => {
    if (state === 'destroyed' || state === 'closed') return;
    if (typeof data === 'string') listener.data(data);
    else malformed(new TypeError('a binary message'));
  });
  socket.addEventListener('error', (event) => {
    const error = 'error' in event && event.error instanceof Error ? event.error : new Error('the WebSocket failed');
    reason ??= error;
    if ('code' in error && UNREADABLE.has(error.code)) malformed(error);
  });
  socket.addEventListener('close', ({ code, wasClean }) => {
    if (!wasClean) reason ??= new Error(`the WebSocket was lost (${code})`);
    closed();
  });
  return transport;
};

const demandOpen = ({ readyState, protocol }: WebSocketLike): void => {
  if (readyState !== OPEN) throw new Error('the WebSocket is not open');
  if (protocol !== SUBPROTOCOL) throw new Error('the WebSocket does not have the subprotocol xmpp');
};

const checked = (options: WebSocketOptions): WebSocketOptions => {
  checkNames('options', options, { secure: true, loopback: true });
  checkFlag('options.secure', options.secure);
  checkFlag('options.loopback', options.loopback);
  return options;
};

/** Looks from time to time whether the WebSocket has room again. */
const watchRoom = (socket: WebSocketLike, drained: () => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    timer = undefined;
    if (socket.bufferedAmount > FULL) room.await();
    else drained();
  };
  const room = {
    await(): void {
      timer ??= setTimeout(look, LOOK);
    },
    forget: (): void => clearTimeout(timer),
  };
  return room;
};

/** Status code of RFC 6455 section 7.4.1. */
const NORMAL = 1000;
/** The error codes of `ws` for a faulty message of the peer. */
const UNREADABLE: ReadonlySet<unknown> = new Set([
  'WS_ERR_INVALID_UTF8',
  'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
  'WS_ERR_TOO_MANY_BUFFERED_PARTS',
]);
