/** A connection in virtual time: it delivers text after some time, in pieces, until a test cuts it. */
import { checkFunction, checkMethods, checkNames } from '../arguments/check.js';
import type { Clock, Transport, TransportListener } from '../ports/index.js';
import type { Direction } from './cut.js';

export interface LossyLinkOptions {
  readonly clock: Clock;
  /** The latency of the next text, in milliseconds. Texts keep their order. Default 0. */
  readonly latency?: () => number;
  /** The listener at each end. */
  readonly client: TransportListener;
  readonly server: TransportListener;
}

/** A connection between two ends, and the methods that cut it. */
export interface LossyLink {
  readonly client: Transport;
  readonly server: Transport;
  /** True while neither end knows of a loss. */
  readonly open: boolean;
  /** Breaks the link now. Text under way is lost; each end learns of the loss after its own latency. */
  cut(): void;
  /**
   * Breaks the link after `characters` (0 or more) more characters have arrived, also inside an element.
   * @throws RangeError when `characters` is not such a number; the link is unchanged
   */
  cutAfter(direction: Direction, characters: number): void;
  /** Makes the link half-open: all later text and the text under way is lost, and the ends do not learn of it. */
  vanish(): void;
}

/**
 * Makes an open connection. Each listener gets its input when the clock moves.
 *
 * @throws TypeError that names the option
 */
export const createLossyLink = (options: LossyLinkOptions): LossyLink => {
  checkNames('options', options, { clock: true, latency: true, client: true, server: true });
  checkMethods('options.clock', options.clock, ['now', 'at']);
  if (options.latency !== undefined) checkFunction('options.latency', options.latency);
  for (const end of ['client', 'server'] as const) checkMethods(`options.${end}`, options[end], ['data', 'closed']);
  const { clock, latency = () => 0 } = options;
  let state: 'whole' | 'vanishing' | 'cut' = 'whole';
  const client = createEnd(options.client);
  const server = createEnd(options.server);
  const ways: { readonly [way in Direction]: Way } = {
    up: { from: client, to: server, busyUntil: 0, left: Number.POSITIVE_INFINITY },
    down: { from: server, to: client, busyUntil: 0, left: Number.POSITIVE_INFINITY },
  };

  const later = (way: Way, act: () => void): void => {
    way.busyUntil = Math.max(way.busyUntil, clock.now() + latency());
    clock.at(way.busyUntil, () => state === 'whole' && act());
  };

  const cut = (): void => {
    if (state === 'cut') return;
    state = 'cut';
    for (const end of [client, server]) clock.at(clock.now() + latency(), end.close);
  };

  const arrive = (way: Way, text: string): void => {
    const { left } = way;
    way.left -= text.length;
    way.to.take(left < text.length ? text.slice(0, left) : text);
    if (left <= text.length) cut();
  };

  const finish = (way: Way): void => {
    if (way.from.ending) return;
    way.from.ending = true;
    later(way, () => way.to.take(END));
    clock.at(clock.now() + END_GRACE, way.from.close);
  };

  const transport = (way: Way, back: Way): Transport => {
    // This end answers the close of the other end with its own close.
    way.from.onEnd = () => finish(way);
    return {
      secure: false,
      loopback: true,
      write(text) {
        if (!way.from.closed && !way.from.ending && text !== '') later(way, () => arrive(way, text));
      },
      end: () => finish(way),
      destroy() {
        if (way.from.closed) return;
        way.from.ending = true;
        later(way, back.from.close);
        clock.at(clock.now(), way.from.close);
      },
      pause: way.from.pause,
      resume: way.from.resume,
    };
  };

  return {
    client: transport(ways.up, ways.down),
    server: transport(ways.down, ways.up),
    get open() {
      return state === 'whole' && ![client, server].some((end) => end.closed || end.ending);
    },
    cut,
    cutAfter(direction, characters) {
      if (!Number.isSafeInteger(characters) || characters < 0) {
        throw new RangeError(`a cut comes after 0 characters or more, not ${characters}`);
      }
      if (characters === 0) cut();
      else ways[direction].left = characters;
    },
    vanish() {
      if (state === 'whole') state = 'vanishing';
    },
  };
};

/** The time that a closing end waits for the other end, in milliseconds. */
const END_GRACE = 2_000;

const END = Symbol('end of the stream');

interface Way {
  readonly from: End;
  readonly to: End;
  /** The arrival time of the last text under way. */
  busyUntil: number;
  /** Characters that may still arrive. */
  left: number;
}

interface End {
  closed: boolean;
  /** True when this end writes no more text. */
  ending: boolean;
  onEnd: () => void;
  take(item: string | typeof END): void;
  pause(): void;
  resume(): void;
  close(): void;
}

const createEnd = (listener: TransportListener): End => {
  const unread: (string | typeof END)[] = [];
  let paused = false;

  const read = (): void => {
    for (let item = unread[0]; item !== undefined && !paused && !end.closed; item = unread[0]) {
      unread.shift();
      if (item !== END) {
        listener.data(item);
        continue;
      }
      end.onEnd();
      end.close();
    }
  };

  const end: End = {
    closed: false,
    ending: false,
    onEnd() {},
    take(item) {
      unread.push(item);
      read();
    },
    pause() {
      paused = true;
    },
    resume() {
      if (!paused) return;
      paused = false;
      read();
    },
    close() {
      if (end.closed) return;
      end.closed = true;
      listener.closed();
    },
  };
  return end;
};
