/**
 * The queue of unacknowledged stanzas. It is immutable and plain JSON. `append` takes O(1), `trim` O(stanzas trimmed), at any length.
 *
 * It has three parts. `front` is a list of the oldest stanzas, oldest first: `trim` takes its first cells off. `newest` is a list of the
 * newest stanzas, newest first: `append` adds one cell. `middle` is a queue of blocks, which again has these three parts. When
 * `newest` is full, its stanzas become a block at the end of `middle`. When `front` is empty, the oldest block becomes the new `front`.
 */
import type { StanzaKind } from './nonzas.js';

/** A stanza to send. */
export interface Stanza {
  /** The XML as it is written to the wire; replay writes this string again. */
  readonly xml: string;
  readonly kind: StanzaKind;
  /** The stanza's type attribute, '' when it has none. */
  readonly type: string;
  /** The embedder's name for the stanza. Reports about the stanza carry it. Copies of one message may share a key. */
  readonly key?: string | null | undefined;
  /** The size of `xml` in bytes of UTF-8; when it is absent, each character of `xml` counts as one byte. */
  readonly bytes?: number | undefined;
}

/** A stanza that the peer has not acknowledged yet. */
export interface Entry extends Stanza {
  readonly key: string | null;
  /** When the embedder sent the stanza: milliseconds since the Unix epoch. */
  readonly at: number;
}

export interface Unacked extends Queue<Entry, Stanzas> {
  /** The sum of the sizes of the stanzas, in bytes. */
  readonly size: number;
}

interface Queue<T, Block = readonly T[]> {
  /** How many items. */
  readonly length: number;
  /** Null when all items are in `newest`. */
  readonly older: Older<T, Block> | null;
  /** The newest first. */
  readonly newest: List<T>;
}

interface Older<T, Block> {
  readonly length: number;
  /** The oldest first. */
  readonly front: List<T>;
  readonly middle: Queue<Block> | null;
}

type List<T> = { readonly item: T; readonly rest: List<T> } | null;

/** A block of stanzas with the sum of their sizes, so that `trim` of a whole block does not add them up. */
interface Stanzas {
  readonly entries: readonly Entry[];
  readonly size: number;
}

const BLOCK = 32;

export const EMPTY: Unacked = { length: 0, size: 0, older: null, newest: null };

/** The size of a stanza in bytes, as far as the embedder said it: counting it here would take time for each character. */
export const sizeOf = ({ xml, bytes }: Stanza): number => bytes ?? xml.length;

export const append = (unacked: Unacked, entry: Entry): Unacked => {
  const { length, size, older, newest } = unacked;
  const isFull = latest(unacked) === BLOCK;
  return {
    length: length + 1,
    size: size + sizeOf(entry),
    older: isFull ? withBlock(older, stanzasOf(newest, BLOCK)) : older,
    newest: { item: entry, rest: isFull ? null : newest },
  };
};

/** Takes the `count` oldest stanzas off, or all stanzas when there are fewer. */
export const trim = (
  unacked: Unacked,
  count: number,
): { readonly trimmed: readonly Entry[]; readonly rest: Unacked } => {
  if (count <= 0) return { trimmed: [], rest: unacked };
  const left = Math.max(0, unacked.length - count);
  // Mostly the peer acknowledges a short queue as a whole.
  if (left === 0 && unacked.older === null) return { trimmed: blockOf(unacked.newest, unacked.length), rest: EMPTY };
  const trimmed = new Array<Entry>(unacked.length - left);
  let n = 0;
  let { size } = unacked;
  let queue: Queue<Entry, Stanzas> = unacked;
  let front = frontOf(queue);
  while (n < trimmed.length) {
    if (front !== null) {
      trimmed[n++] = front.item;
      size -= sizeOf(front.item);
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
  const older = olderOf(left - latest(queue), front, middleOf(queue));
  return { trimmed, rest: { length: left, size, older, newest: queue.newest } };
};

/** All stanzas, oldest first. */
export const toArray = (unacked: Unacked): readonly Entry[] => trim(unacked, unacked.length).trimmed;

/** The `count` newest stanzas, oldest first, or all stanzas when there are fewer. It takes O(count) at any length of the queue. */
export const newestOf = (unacked: Unacked, count: number): readonly Entry[] =>
  newestIn(unacked, count, ({ entries }) => entries).reverse();

/**
 * The stanzas of `later` behind the newest stanza of `earlier`, oldest first. It takes O(stanzas appended).
 *
 * @param trimmed how many stanzas have left `earlier` since then, as far as the counters say
 * @returns null when that stanza is not where the counters say: `later` is not `earlier` after so many trims, or nothing of it is left
 */
export const appendedSince = (earlier: Unacked, trimmed: number, later: Unacked): readonly Entry[] | null => {
  const count = later.length - earlier.length + trimmed;
  if (trimmed >= earlier.length || count < 0) return null;
  const appended = new Array<Entry>(count);
  let n = count;
  let left = later.newest;
  for (; left !== null && n > 0; left = left.rest) appended[--n] = left.item;
  if (left !== null && earlier.newest !== null) return left.item === earlier.newest.item ? appended : null;
  // The stanzas continue in a block.
  const [last, ...rest] = newestOf(later, count + 1);
  return last === newestOf(earlier, 1)[0] ? rest : null;
};

export const fromArray = (entries: readonly Entry[]): Unacked => entries.reduce(append, EMPTY);

/** How many items are in `newest`. */
const latest = <T, Block>({ length, older }: Queue<T, Block>): number =>
  older === null ? length : length - older.length;

const frontOf = <T, Block>({ older }: Queue<T, Block>): List<T> => older?.front ?? null;

const middleOf = <T, Block>({ older }: Queue<T, Block>): Queue<Block> | null => older?.middle ?? null;

const olderOf = <T, Block>(length: number, front: List<T>, middle: Queue<Block> | null): Older<T, Block> | null =>
  length === 0 ? null : { length, front, middle };

const withBlock = <T, Block>(older: Older<T, Block> | null, block: Block): Older<T, Block> =>
  older === null
    ? { length: BLOCK, front: null, middle: push(null, block) }
    : { length: older.length + BLOCK, front: older.front, middle: push(older.middle, block) };

const push = <T>(queue: Queue<T> | null, item: T): Queue<T> => {
  if (queue === null) return { length: 1, older: null, newest: { item, rest: null } };
  const { length, older, newest } = queue;
  return latest(queue) === BLOCK
    ? { length: length + 1, older: withBlock(older, blockOf(newest, BLOCK)), newest: { item, rest: null } }
    : { length: length + 1, older, newest: { item, rest: newest } };
};

/** The oldest item of a queue that is not empty, and the rest; the rest is null when the queue had one item. */
const pop = <T>(queue: Queue<T>): { readonly item: T; readonly rest: Queue<T> | null } => {
  const { length, newest } = queue;
  const front = frontOf(queue);
  if (front === null) {
    const { block, rest } = oldestBlock(queue, blockOf<T>);
    return pop({ length, older: olderOf(length - latest(rest), listOf(block), middleOf(rest)), newest: rest.newest });
  }
  if (length === 1) return { item: front.item, rest: null };
  const older = olderOf(length - 1 - latest(queue), front.rest, middleOf(queue));
  return { item: front.item, rest: { length: length - 1, older, newest } };
};

/** The oldest block, when `front` is empty. */
const oldestBlock = <T, Block>(
  queue: Queue<T, Block>,
  newBlock: (newest: List<T>, length: number) => Block,
): { readonly block: Block; readonly rest: Queue<T, Block> } => {
  const { length, older, newest } = queue;
  if (older === null || older.middle === null)
    return { block: newBlock(newest, latest(queue)), rest: { length: 0, older: null, newest: null } };
  const { item, rest } = pop(older.middle);
  const behind = olderOf<T, Block>(older.length - BLOCK, null, rest);
  return { block: item, rest: { length: length - BLOCK, older: behind, newest } };
};

/** The `count` newest items of a queue, newest first. It reads no more blocks than it needs. */
const newestIn = <T, Block>(
  { newest, older }: Queue<T, Block>,
  count: number,
  itemsOf: (block: Block) => readonly T[],
): T[] => {
  const found: T[] = [];
  for (let left = newest; left !== null && found.length < count; left = left.rest) found.push(left.item);
  if (older !== null && found.length < count) {
    const { length, front, middle } = older;
    if (middle !== null)
      for (const block of newestIn(middle, Math.ceil((count - found.length) / BLOCK), (inner) => inner))
        found.push(...itemsOf(block).slice().reverse());
    found.push(...blockOf(front, length - BLOCK * (middle?.length ?? 0)));
  }
  return found.slice(0, count);
};

const stanzasOf = (newest: List<Entry>, length: number): Stanzas => {
  const entries = blockOf(newest, length);
  let size = 0;
  for (const entry of entries) size += sizeOf(entry);
  return { entries, size };
};

/** The items of a list of this length, in reverse order. */
const blockOf = <T>(list: List<T>, length: number): readonly T[] => {
  const block = new Array<T>(length);
  let n = length;
  for (let left = list; left !== null; left = left.rest) block[--n] = left.item;
  return block;
};

const listOf = <T>(block: readonly T[]): List<T> => block.reduceRight<List<T>>((rest, item) => ({ item, rest }), null);
