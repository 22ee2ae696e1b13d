/** One connection through the proxy: it forwards bytes between two sockets until it is cut. */
import type { Socket } from 'node:net';
import type { Between, Cut, Direction, Inside } from './cut.js';

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

/** A link, and the method that cuts it. */
export class CuttableLink implements ProxiedLink {
  readonly id: number;
  readonly bytes = { up: 0, down: 0 };
  readonly closed: Promise<void>;
  readonly #sockets: readonly Socket[];
  readonly #ends: Readonly<Record<Direction, { readonly from: Socket; readonly to: Socket }>>;
  readonly #forwarded: (direction: Direction, bytes: number) => void;
  readonly #forwarding: Mode = {
    chunk: (direction, chunk) => this.#forward(direction, chunk),
    ended: (direction) => this.#ends[direction].to.end(),
  };
  #mode = this.#forwarding;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Joins two sockets, which must allow half-open connections.
   * @param forwarded gets the number of bytes at each forwarding
   */
  constructor(id: number, client: Socket, server: Socket, forwarded: (direction: Direction, bytes: number) => void) {
    this.id = id;
    this.#sockets = [client, server];
    this.#ends = { up: { from: client, to: server }, down: { from: server, to: client } };
    this.#forwarded = forwarded;
    this.closed = Promise.all(this.#sockets.map(closing)).then(() => undefined);
    for (const direction of ['up', 'down'] as const) this.#watch(direction);
    void this.closed.then(() => clearTimeout(this.#timer));
  }

  get isClear(): boolean {
    return this.#sockets.every((socket) => socket.destroyed || (socket.writableLength === 0 && !socket.isPaused()));
  }

  /** `CuttingProxy.cut` describes this method. */
  async cut(cut: Cut, patience: number): Promise<boolean> {
    const untouched = this.#mode === this.#forwarding && this.#sockets.every((socket) => !socket.destroyed);
    if (cut.how === 'rst') {
      const alive = this.#sockets.some((socket) => !socket.destroyed);
      this.#reset();
      await this.closed;
      return alive;
    }
    if (!untouched) return false;
    if (cut.how === 'fin') return this.#fin(patience);
    if (cut.how === 'between') return this.#between(cut, patience);
    if (cut.how === 'inside') return this.#inside(cut, patience);
    this.#discard();
    this.#mode = { chunk: ignore, ended: () => this.#reset() };
    return true;
  }

  async #fin(patience: number): Promise<boolean> {
    this.#discard();
    this.#within(patience, () => this.#reset());
    const sent = this.#sockets.map((socket) => new Promise<void>((resolve) => socket.end(resolve)));
    await Promise.race([this.closed, Promise.all(sent)]);
    return true;
  }

  #between({ direction }: Between, patience: number): Promise<boolean> {
    return this.#cutWhen(direction, patience, (chunk) => {
      this.#forward(direction, chunk);
      return chunk.at(-1) === CLOSING_BRACKET;
    });
  }

  #inside({ direction, keepBytes }: Inside, patience: number): Promise<boolean> {
    let left = keepBytes;
    let held: Buffer = Buffer.alloc(0);
    return this.#cutWhen(direction, patience, (chunk) => {
      const waiting = Buffer.concat([held, chunk]);
      const kept = withoutBoundary(waiting.subarray(0, left));
      if (kept.length > 0) this.#forward(direction, kept);
      const enough = waiting.length >= left;
      left -= kept.length;
      held = waiting.subarray(kept.length);
      return enough;
    });
  }

  /** Cuts `direction` when `take` decides it; otherwise when that direction ends, or after `patience`. */
  async #cutWhen(direction: Direction, patience: number, take: (chunk: Buffer) => boolean): Promise<boolean> {
    let done = false;
    const strike = (): void => {
      if (done) return;
      done = true;
      this.#discard();
      this.#within(patience, () => this.#reset());
      // The reset would overtake bytes that are queued here or that the receiver has not read.
      this.#ends[direction].to.write('', () => this.#within(READING_TIME, () => this.#reset()));
    };
    this.#mode = {
      chunk: (way, chunk) => {
        if (way !== direction) this.#forward(way, chunk);
        else if (take(chunk)) strike();
      },
      ended: (way) => (way === direction ? strike() : this.#forwarding.ended(way)),
    };
    this.#within(patience, strike);
    await this.closed;
    return done;
  }

  #watch(direction: Direction): void {
    const { from, to } = this.#ends[direction];
    from.on('data', (chunk) => this.#mode.chunk(direction, chunk));
    from.on('end', () => this.#mode.ended(direction));
    from.on('error', ignore); // `close` follows, and its handler does the work
    from.on('close', (failed) => {
      if ((failed || !from.readableEnded) && !to.destroyed) this.#reset();
    });
    to.on('drain', () => from.resume());
  }

  #forward(direction: Direction, chunk: Buffer): void {
    this.bytes[direction] += chunk.length;
    this.#forwarded(direction, chunk.length);
    const { from, to } = this.#ends[direction];
    if (!to.write(chunk)) from.pause();
  }

  #discard(): void {
    this.#mode = DISCARDING;
    for (const socket of this.#sockets) socket.resume();
  }

  #reset(): void {
    this.#mode = DISCARDING;
    for (const socket of this.#sockets) resetSocket(socket);
  }

  #within(patience: number, action: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, patience);
  }
}

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

const DISCARDING: Mode = { chunk: ignore, ended: ignore };

/** Milliseconds. */
const READING_TIME = 10;
const CLOSING_BRACKET = 0x3e;
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
