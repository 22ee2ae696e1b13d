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

export interface Unacked extends Queue<Entry, Stanzas> {
  /** How many stanzas. */
  readonly length: number;
  /** Their size together: the characters of their XML (UTF-16 units). */
  readonly size: number;
}

interface Queue<T, Block = readonly T[]> {
  /** Null when there are none but the newest. */
  readonly older: Older<T, Block> | null;
  /** The newest first, and how many they are. */
  readonly newest: List<T>;
  readonly latest: number;
}

interface Older<T, Block> {
  /** The oldest first. */
  readonly front: List<T>;
  readonly middle: Queue<Block> | null;
}

type List<T> = { readonly item: T; readonly rest: List<T> } | null;

/** A block of stanzas, with their size: whoever takes all of it need not look at each. */
interface Stanzas {
  readonly entries: readonly Entry[];
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
    older: isFull ? withBlock(older, stanzasOf(newest, latest)) : older,
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
  let n = 0;
  let { size } = unacked;
  let queue: Queue<Entry, Stanzas> = unacked;
  let front = frontOf(queue);
  while (n < trimmed.length) {
    if (front !== null) {
      trimmed[n++] = front.item;
      size -= front.item.stanza.length;
      front = front.rest;
    } else {
      const { block, rest } = oldestBlock(queue, stanzasOf);
      queue = rest;
      if (block.entries.length > trimmed.length - n) front = listOf(block.entries);
      else {
        for (const entry of block.entries) trimmed[n++] = entry;
        size -= block.size;
      }
    }
  }
  if (left === 0) return { trimmed, rest: EMPTY };
  const { older, newest, latest } = withFront(queue, front);
  return { trimmed, rest: { length: left, size, older, newest, latest } };
};

/** All of them, oldest first. */
export const toArray = (unacked: Unacked): readonly Entry[] => trim(unacked, unacked.length).trimmed;

export const fromArray = (entries: readonly Entry[]): Unacked => entries.reduce(append, EMPTY);

const push = <T>(queue: Queue<T> | null, item: T): Queue<T> => {
  if (queue === null) return { older: null, newest: { item, rest: null }, latest: 1 };
  const { older, newest, latest } = queue;
  return latest === BLOCK
    ? { older: withBlock(older, blockOf(newest, latest)), newest: { item, rest: null }, latest: 1 }
    : { older, newest: { item, rest: newest }, latest: latest + 1 };
};

/** The oldest of a queue that is not empty; null is left when it has no other. */
const pop = <T>(queue: Queue<T>): { readonly item: T; readonly rest: Queue<T> | null } => {
  const front = frontOf(queue);
  if (front === null) {
    const { block, rest } = oldestBlock(queue, blockOf<T>);
    return pop(withFront(rest, listOf(block)));
  }
  const rest = withFront(queue, front.rest);
  return { item: front.item, rest: rest.older === null && rest.newest === null ? null : rest };
};

/** The oldest block behind a front that is used up. */
const oldestBlock = <T, Block>(
  { older, newest, latest }: Queue<T, Block>,
  newBlock: (newest: List<T>, length: number) => Block,
): { readonly block: Block; readonly rest: Queue<T, Block> } => {
  const middle = older?.middle ?? null;
  if (middle === null) return { block: newBlock(newest, latest), rest: { older: null, newest: null, latest: 0 } };
  const { item, rest } = pop(middle);
  return { block: item, rest: { older: { front: null, middle: rest }, newest, latest } };
};

const frontOf = <T, Block>({ older }: Queue<T, Block>): List<T> => (older === null ? null : older.front);

const withFront = <T, Block>({ older, newest, latest }: Queue<T, Block>, front: List<T>): Queue<T, Block> => {
  const middle = older === null ? null : older.middle;
  return { older: front === null && middle === null ? null : { front, middle }, newest, latest };
};

const withBlock = <T, Block>(older: Older<T, Block> | null, block: Block): Older<T, Block> =>
  older === null
    ? { front: null, middle: push(null, block) }
    : { front: older.front, middle: push(older.middle, block) };

const stanzasOf = (newest: List<Entry>, length: number): Stanzas => {
  const entries = blockOf(newest, length);
  let size = 0;
  for (const { stanza } of entries) size += stanza.length;
  return { entries, size };
};

/** A list of this length, the other way round. */
const blockOf = <T>(list: List<T>, length: number): readonly T[] => {
  const block = new Array<T>(length);
  let n = length;
  for (let left = list; left !== null; left = left.rest) block[--n] = left.item;
  return block;
};

const listOf = <T>(block: readonly T[]): List<T> => block.reduceRight<List<T>>((rest, item) => ({ item, rest }), null);
