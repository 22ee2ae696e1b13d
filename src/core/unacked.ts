/**
 * The queue of unacknowledged stanzas: immutable, append O(1), trim O(stanzas trimmed), at any length.
 *
 * The newest are a list with the newest first, so that one more is one cell. A full list becomes a block, the oldest first, at the
 * end of the middle, which is a queue of blocks made in the same way. A block that comes to the front becomes a list again, the
 * oldest first, so that one less is its rest. Nothing ever copies more than a block a level, and every value is plain JSON.
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

type List<T> = { readonly item: T; readonly rest: List<T> } | null;

type Block<T> = readonly T[];

interface Queue<T> {
  /** Null when there are none but the newest. */
  readonly older: Older<T> | null;
  /** The newest first, and how many they are. */
  readonly newest: List<T>;
  readonly latest: number;
}

interface Older<T> {
  /** The oldest first. */
  readonly front: List<T>;
  readonly middle: Queue<Block<T>> | null;
}

export interface Unacked extends Queue<Entry> {
  /** How many stanzas. */
  readonly length: number;
  /** Their size together: the characters of their XML (UTF-16 units). */
  readonly size: number;
}

const BLOCK = 32;

export const EMPTY: Unacked = { length: 0, size: 0, older: null, newest: null, latest: 0 };

export const append = (unacked: Unacked, entry: Entry): Unacked => {
  const { older, newest, latest } = unacked;
  const isFull = latest === BLOCK;
  return {
    length: unacked.length + 1,
    size: unacked.size + entry.stanza.length,
    older: isFull ? withBlock(older, newest) : older,
    newest: { item: entry, rest: isFull ? null : newest },
    latest: isFull ? 1 : latest + 1,
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
  let queue: Queue<Entry> = unacked;
  let front = queue.older?.front ?? null;
  let n = 0;
  for (; front !== null && n < trimmed.length; front = front.rest) {
    trimmed[n++] = front.item;
    size -= front.item.stanza.length;
  }
  while (n < trimmed.length) {
    const { block, rest } = oldestBlock(queue);
    const used = Math.min(block.length, trimmed.length - n);
    for (const entry of block.slice(0, used)) {
      trimmed[n++] = entry;
      size -= entry.stanza.length;
    }
    front = listOf(block, used);
    queue = rest;
  }
  if (left === 0) return { trimmed, rest: EMPTY };
  const { newest, latest } = queue;
  return { trimmed, rest: { length: left, size, older: olderOf(front, queue.older?.middle ?? null), newest, latest } };
};

/** All of them, oldest first. */
export const toArray = (unacked: Unacked): readonly Entry[] => trim(unacked, unacked.length).trimmed;

export const fromArray = (entries: readonly Entry[]): Unacked => entries.reduce(append, EMPTY);

const push = <T>(queue: Queue<T> | null, item: T): Queue<T> => {
  if (queue === null) return { older: null, newest: { item, rest: null }, latest: 1 };
  const { older, newest, latest } = queue;
  return latest === BLOCK
    ? { older: withBlock(older, newest), newest: { item, rest: null }, latest: 1 }
    : { older, newest: { item, rest: newest }, latest: latest + 1 };
};

/** Takes the oldest off a queue that is not empty; null is left when it had no other. */
const pop = <T>(queue: Queue<T>): { readonly item: T; readonly rest: Queue<T> | null } => {
  const { older, newest, latest } = queue;
  const front = older?.front ?? null;
  if (front === null) {
    const { block, rest } = oldestBlock(queue);
    return pop({ ...rest, older: olderOf(listOf(block, 0), rest.older?.middle ?? null) });
  }
  const left = olderOf(front.rest, older?.middle ?? null);
  return { item: front.item, rest: left === null && newest === null ? null : { older: left, newest, latest } };
};

/** The oldest block behind the front, and the queue without both. */
const oldestBlock = <T>({ older, newest, latest }: Queue<T>): { readonly block: Block<T>; readonly rest: Queue<T> } => {
  const middle = older?.middle ?? null;
  if (middle === null) return { block: blockOf(newest, latest), rest: { older: null, newest: null, latest: 0 } };
  const { item, rest } = pop(middle);
  return { block: item, rest: { older: olderOf(null, rest), newest, latest } };
};

const olderOf = <T>(front: List<T>, middle: Queue<Block<T>> | null): Older<T> | null =>
  front === null && middle === null ? null : { front, middle };

const withBlock = <T>(older: Older<T> | null, newest: List<T>): Older<T> => ({
  front: older?.front ?? null,
  middle: push(older?.middle ?? null, blockOf(newest, BLOCK)),
});

/** A list of so many, the other way round. */
const blockOf = <T>(list: List<T>, length: number): Block<T> => {
  const block = new Array<T>(length);
  let n = length;
  for (let left = list; left !== null; left = left.rest) block[--n] = left.item;
  return block;
};

/** What is left of a block without its oldest `used`. */
const listOf = <T>(block: Block<T>, used: number): List<T> =>
  block.slice(used).reduceRight<List<T>>((rest, item) => ({ item, rest }), null);
