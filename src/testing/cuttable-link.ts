import type { Socket } from 'node:net';

/** `up`: from the client to the server. `down`: from the server to the client. */
export type Direction = 'up' | 'down';

/** The ways to cut a link. Bytes forwarded before the cut arrive; the proxy drops later bytes. */
export type Cut = AtOnce | HalfOpen | Between | Inside;

/** Now: `fin` sends FIN to both ends after the forwarded bytes, and RST to an end that does not close; `rst` sends RST to both. */
export interface AtOnce {
  readonly how: 'fin' | 'rst';
}

/** Both sockets stay open without a signal: only a missing answer shows the cut. When an end closes, the other end gets RST. */
export interface HalfOpen {
  readonly how: 'half-open';
}

/**
 * RST to both ends after the next chunk in `direction` that ends in `>`: between stanzas, if each stanza is small and is one write.
 * Only clear text shows the end of an element.
 */
export interface Between {
  readonly how: 'between';
  readonly direction: Direction;
}

/**
 * RST to both ends after `keepBytes` (1 or more) more bytes in `direction`. The proxy holds back a last byte that is `>` or white
 * space, so that the cut in clear text is always inside an element.
 */
export interface Inside {
  readonly how: 'inside';
  readonly direction: Direction;
  readonly keepBytes: number;
}

/** The connection of one client and its server through the proxy. */
export interface ProxiedLink {
  /** 1 for the first link of the proxy, and so on. */
  readonly id: number;
  /** Bytes forwarded so far. */
  readonly bytes: Readonly<Record<Direction, number>>;
  /** Whether the proxy has sent all forwarded bytes: both ends take bytes in time, and both can send more. */
  readonly isClear: boolean;
  /** Resolves when both sockets are closed. */
  readonly closed: Promise<void>;
}

/** A link with the method that cuts it; `CuttingProxy.cut` describes `cut`. */
export interface CuttableLink extends ProxiedLink {
  cut(cut: Cut, patience: number): Promise<boolean>;
}

/**
 * Joins two sockets, which must allow half-open connections.
 * @param forwarded gets the number of bytes at each forwarding
 */
export const createLink = (
  id: number,
  client: Socket,
  server: Socket,
  forwarded: (direction: Direction, bytes: number) => void,
): CuttableLink => {
  const sockets = [client, server];
  const ends = { up: { from: client, to: server }, down: { from: server, to: client } };
  const bytes = { up: 0, down: 0 };
  const closed = Promise.all(sockets.map(closing)).then(() => undefined);
  let timer: NodeJS.Timeout | undefined;

  const forward = (direction: Direction, chunk: Buffer): void => {
    bytes[direction] += chunk.length;
    forwarded(direction, chunk.length);
    const { from, to } = ends[direction];
    if (!to.write(chunk)) from.pause();
  };

  const reset = (): void => {
    mode = discarding;
    for (const socket of sockets) resetSocket(socket);
  };

  const forwarding: Mode = { chunk: forward, ended: (direction) => ends[direction].to.end() };
  const discarding: Mode = { chunk: ignore, ended: ignore };
  const silent: Mode = { chunk: ignore, ended: reset };
  let mode = forwarding;

  const discard = (): void => {
    mode = discarding;
    for (const socket of sockets) socket.resume();
  };

  const within = (patience: number, action: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(action, patience);
  };

  const fin = async (patience: number): Promise<boolean> => {
    discard();
    within(patience, reset);
    await Promise.race([closed, Promise.all(sockets.map((socket) => new Promise<void>((sent) => socket.end(sent))))]);
    return true;
  };

  /** Cuts `direction` when `take` decides it; otherwise when that direction ends, or after `patience`. */
  const cutWhen = async (
    direction: Direction,
    patience: number,
    take: (chunk: Buffer) => boolean,
  ): Promise<boolean> => {
    let done = false;
    const strike = (): void => {
      if (done) return;
      done = true;
      discard();
      within(patience, reset);
      // The reset would overtake bytes that are queued here or that the receiver has not read.
      ends[direction].to.write('', () => within(READING_TIME, reset));
    };
    mode = {
      chunk: (way, chunk) => {
        if (way !== direction) forward(way, chunk);
        else if (take(chunk)) strike();
      },
      ended: (way) => (way === direction ? strike() : forwarding.ended(way)),
    };
    within(patience, strike);
    await closed;
    return done;
  };

  const between = ({ direction }: Between, patience: number): Promise<boolean> =>
    cutWhen(direction, patience, (chunk) => {
      forward(direction, chunk);
      return chunk.at(-1) === CLOSING_BRACKET;
    });

  const inside = ({ direction, keepBytes }: Inside, patience: number): Promise<boolean> => {
    let left = keepBytes;
    let held: Buffer = Buffer.alloc(0);
    return cutWhen(direction, patience, (chunk) => {
      const waiting = Buffer.concat([held, chunk]);
      const kept = withoutBoundary(waiting.subarray(0, left));
      if (kept.length > 0) forward(direction, kept);
      const enough = waiting.length >= left;
      left -= kept.length;
      held = waiting.subarray(kept.length);
      return enough;
    });
  };

  const cut = async (cut: Cut, patience: number): Promise<boolean> => {
    const untouched = mode === forwarding && !client.destroyed && !server.destroyed;
    if (cut.how === 'rst') {
      const alive = !client.destroyed || !server.destroyed;
      reset();
      await closed;
      return alive;
    }
    if (!untouched) return false;
    if (cut.how === 'fin') return fin(patience);
    if (cut.how === 'between') return between(cut, patience);
    if (cut.how === 'inside') return inside(cut, patience);
    discard();
    mode = silent;
    return true;
  };

  for (const direction of ['up', 'down'] as const) {
    const { from, to } = ends[direction];
    from.on('data', (chunk) => mode.chunk(direction, chunk));
    from.on('end', () => mode.ended(direction));
    from.on('error', ignore); // `close` follows, and its handler does the work
    from.on('close', (failed) => {
      if ((failed || !from.readableEnded) && !to.destroyed) reset();
    });
    to.on('drain', () => from.resume());
  }
  void closed.then(() => clearTimeout(timer));
  return {
    id,
    bytes,
    get isClear() {
      return sockets.every((socket) => socket.destroyed || (socket.writableLength === 0 && !socket.isPaused()));
    },
    closed,
    cut,
  };
};

/** The treatment of arriving bytes. */
interface Mode {
  chunk(direction: Direction, chunk: Buffer): void;
  ended(direction: Direction): void;
}

const closing = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve());
  });

const resetSocket = (socket: Socket): void => {
  // Node delays a reset until a socket is connected, and loses a socket that is reset while its FIN waits to be sent.
  const unready = socket.connecting || (socket.writableEnded && !socket.writableFinished);
  if (unready) socket.destroy();
  else socket.resetAndDestroy();
};

const withoutBoundary = (chunk: Buffer): Buffer => {
  const last = chunk.findLastIndex((byte) => byte !== CLOSING_BRACKET && !WHITE_SPACE.has(byte));
  return chunk.subarray(0, last + 1);
};

const ignore = (): void => {};

/** Milliseconds. */
const READING_TIME = 10;
const CLOSING_BRACKET = 0x3e;
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
