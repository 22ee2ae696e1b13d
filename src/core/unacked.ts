/**
 * The queue of unacknowledged stanzas: immutable, append O(1), trim O(stanzas trimmed), at any length.
 *
 * It is a queue of blocks of up to four whose middle is itself such a queue, one level up: `front` holds the oldest stanzas,
 * `back` the newest, and a full `back` moves into the middle as one item. Nothing ever copies more than a
 * block a level, and every value is plain JSON. Blocks are written out as literals: that is how an engine makes them cheapest.
 */
import type { StanzaKind } from './nonzas.js';

/** A stanza that the peer has not acknowledged yet. */
export interface Entry {
  /** The XML as it is written to the wire; replay writes this string again. */
  readonly stanza: string;
  readonly kind: StanzaKind;
  /** The stanza's type attribute, '' when it has none. */
  readonly type: string;
  /** When it was first given to be sent: milliseconds since the Unix epoch. */
  readonly at: number;
  /** The embedder has also delivered it elsewhere: when the session ends it is not to be returned to its sender. */
  readonly elsewhere: boolean;
  /** The embedder's own mark, handed back with the stanza's outcome. */
  readonly key: string | null;
}

type Block<T> = readonly [] | readonly [T] | readonly [T, T] | readonly [T, T, T] | readonly [T, T, T, T];

interface Blocks<T> {
  readonly front: Block<T>;
  readonly middle: Blocks<Block<T>> | null;
  readonly back: Block<T>;
}

export interface Unacked extends Blocks<Entry> {
  /** How many stanzas. */
  readonly length: number;
  /** Their size together: the characters of their XML (UTF-16 units). */
  readonly size: number;
}

const NO_BLOCK: readonly [] = [];

export const EMPTY: Unacked = { length: 0, size: 0, front: NO_BLOCK, middle: null, back: NO_BLOCK };

export const append = (unacked: Unacked, entry: Entry): Unacked => {
  const { front, middle, back } = unacked;
  const isFull = back.length === 4;
  return {
    length: unacked.length + 1,
    size: unacked.size + entry.stanza.length,
    front,
    middle: isFull ? push(middle, back) : middle,
    back: isFull ? [entry] : added(back, entry),
  };
};

/** Takes the `count` oldest off; `count` is clamped to the length. */
export const trim = (
  unacked: Unacked,
  count: number,
): { readonly trimmed: readonly Entry[]; readonly rest: Unacked } => {
  if (count <= 0) return { trimmed: [], rest: unacked };
  const left = Math.max(0, unacked.length - count);
  const trimmed = new Array<Entry>(unacked.length - left);
  let { size } = unacked;
  let blocks: Blocks<Entry> = unacked;
  let used = 0;
  for (let n = 0; n < trimmed.length; n++) {
    if (used === blocks.front.length) {
      blocks = exposeFront(blocks.middle, blocks.back);
      used = 0;
    }
    const entry = blocks.front[used];
    if (entry === undefined) break;
    used += 1;
    trimmed[n] = entry;
    size -= entry.stanza.length;
  }
  if (left === 0) return { trimmed, rest: EMPTY };
  let { front } = blocks;
  for (; used > 0; used--) front = withoutOldest(front);
  return { trimmed, rest: { length: left, size, front, middle: blocks.middle, back: blocks.back } };
};

/** All of them, oldest first. */
export const toArray = (unacked: Unacked): readonly Entry[] => trim(unacked, unacked.length).trimmed;

export const fromArray = (entries: readonly Entry[]): Unacked => entries.reduce(append, EMPTY);

const push = <T>(blocks: Blocks<T> | null, item: T): Blocks<T> => {
  if (blocks === null) return { front: NO_BLOCK, middle: null, back: [item] };
  const { front, middle, back } = blocks;
  return back.length === 4
    ? { front, middle: push(middle, back), back: [item] }
    : { front, middle, back: added(back, item) };
};

/** What is behind a front that is used up, with the oldest of it in front. */
const exposeFront = <T>(middle: Blocks<Block<T>> | null, back: Block<T>): Blocks<T> => {
  if (middle === null) return { front: back, middle: null, back: NO_BLOCK };
  const exposed = middle.front.length > 0 ? middle : exposeFront(middle.middle, middle.back);
  const [oldest = NO_BLOCK] = exposed.front;
  const front = withoutOldest(exposed.front);
  const isEmpty = front.length === 0 && exposed.middle === null && exposed.back.length === 0;
  return {
    front: oldest,
    middle: isEmpty ? null : { front, middle: exposed.middle, back: exposed.back },
    back,
  };
};

/** `block` is not full. */
const added = <T>(block: Block<T>, item: T): Block<T> => {
  switch (block.length) {
    case 0:
      return [item];
    case 1:
      return [block[0], item];
    case 2:
      return [block[0], block[1], item];
    default:
      return [block[0], block[1], block[2], item];
  }
};

const withoutOldest = <T>(block: Block<T>): Block<T> => {
  switch (block.length) {
    case 4:
      return [block[1], block[2], block[3]];
    case 3:
      return [block[1], block[2]];
    case 2:
      return [block[1]];
    default:
      return NO_BLOCK;
  }
};
