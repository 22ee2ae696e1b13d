/**
 * The queue of unacknowledged stanzas: immutable, append O(1), trim O(stanzas trimmed), at any length.
 *
 * It is a queue of blocks whose middle is itself such a queue, one level up: `front` holds the oldest stanzas,
 * `back` the newest, and a full `back` moves into the middle as one item. Nothing ever copies more than a
 * block a level, and every value is plain JSON.
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

interface Blocks<T> {
  readonly front: readonly T[];
  readonly middle: Blocks<readonly T[]> | null;
  readonly back: readonly T[];
}

export interface Unacked {
  /** How many stanzas. */
  readonly length: number;
  /** Their size together: the characters of their XML (UTF-16 units). */
  readonly size: number;
  readonly blocks: Blocks<Entry>;
}

const NO_BLOCKS = { front: [], middle: null, back: [] };

export const EMPTY: Unacked = { length: 0, size: 0, blocks: NO_BLOCKS };

export const append = (unacked: Unacked, entry: Entry): Unacked => ({
  length: unacked.length + 1,
  size: unacked.size + entry.stanza.length,
  blocks: push(unacked.blocks, entry),
});

/** Takes the `count` oldest off; `count` is clamped to the length. */
export const trim = (
  unacked: Unacked,
  count: number,
): { readonly trimmed: readonly Entry[]; readonly rest: Unacked } => {
  if (count <= 0) return { trimmed: [], rest: unacked };
  const trimmed: Entry[] = [];
  let blocks: Blocks<Entry> | null = unacked.blocks;
  let wanted = Math.min(count, unacked.length);
  while (wanted > 0 && blocks !== null) {
    blocks = exposeFront(blocks);
    if (blocks === null) break;
    const taken = blocks.front.slice(0, wanted);
    trimmed.push(...taken);
    wanted -= taken.length;
    blocks = { front: blocks.front.slice(taken.length), middle: blocks.middle, back: blocks.back };
  }
  if (trimmed.length === unacked.length) return { trimmed, rest: EMPTY };
  let size = unacked.size;
  for (const entry of trimmed) size -= entry.stanza.length;
  return { trimmed, rest: { length: unacked.length - trimmed.length, size, blocks: blocks ?? NO_BLOCKS } };
};

/** All of them, oldest first. */
export const toArray = (unacked: Unacked): readonly Entry[] => trim(unacked, unacked.length).trimmed;

export const fromArray = (entries: readonly Entry[]): Unacked => entries.reduce(append, EMPTY);

const BLOCK = 16;

const push = <T>(blocks: Blocks<T>, item: T): Blocks<T> =>
  blocks.back.length < BLOCK
    ? { front: blocks.front, middle: blocks.middle, back: [...blocks.back, item] }
    : { front: blocks.front, middle: push(blocks.middle ?? NO_BLOCKS, blocks.back), back: [item] };

/** The same items with at least one of them in `front`, or null when there are none. */
const exposeFront = <T>(blocks: Blocks<T>): Blocks<T> | null => {
  if (blocks.front.length > 0) return blocks;
  const middle = blocks.middle === null ? null : exposeFront(blocks.middle);
  const oldest = middle?.front[0];
  if (middle !== null && oldest !== undefined) {
    return {
      front: oldest,
      middle: { front: middle.front.slice(1), middle: middle.middle, back: middle.back },
      back: blocks.back,
    };
  }
  return blocks.back.length > 0 ? { front: blocks.back, middle: null, back: [] } : null;
};
