/**
 * A set of counts modulo 2^32: the stanzas that the embedder handled before older ones. It is immutable and plain JSON. An operation
 * takes about the same time on a set of ten counts and on a set of 100,000.
 *
 * A block holds 1,024 neighbouring counts as 32 words of 32 bits. The blocks follow each other; a block without counts is null.
 */
import { plus, span, type Uint32, ZERO } from './uint32.js';

export interface CountSet {
  /** How many counts the set has. */
  readonly size: number;
  /** The number of the first block: the upper 22 bits of its counts. */
  readonly first: number;
  readonly blocks: readonly Block[];
}

/** Neighbouring counts: the first count, and how many. */
export type Run = readonly [first: Uint32, length: number];

type Block = readonly number[] | null;

export const NO_COUNTS: CountSet = { size: 0, first: 0, blocks: [] };

export const hasCount = (set: CountSet, count: Uint32): boolean => {
  const block = set.blocks[indexOf(set, count)];
  return block !== undefined && block !== null && ((block[wordOf(count)] ?? 0) & bitOf(count)) !== 0;
};

/** The set with a count that it does not have yet. */
export const withCount = (set: CountSet, count: Uint32): CountSet => {
  const { size, first, blocks } = reaching(set, count);
  const index = indexOf({ first }, count);
  const words = [...(blocks[index] ?? NO_WORDS)];
  words[wordOf(count)] = (words[wordOf(count)] ?? 0) | bitOf(count);
  const next = blocks.slice();
  while (next.length < index) next.push(null);
  next[index] = words;
  return { size: size + 1, first, blocks: next };
};

/** The set without this run, which it has. */
export const withoutRun = (set: CountSet, first: Uint32, length: number): CountSet => {
  if (length === set.size) return NO_COUNTS;
  const blocks = set.blocks.slice();
  for (let n = 0; n < length; ) {
    const count = plus(first, n);
    const inBlock = Math.min(length - n, 1024 - (count & 1023));
    const index = indexOf(set, count);
    blocks[index] = withoutCounts(blocks[index] ?? NO_WORDS, count, inBlock);
    n += inBlock;
  }
  const empty = blocks.findIndex((block) => block !== null);
  return {
    size: set.size - length,
    first: (set.first + empty) & MASK,
    blocks: empty > 0 ? blocks.slice(empty) : blocks,
  };
};

/** How many neighbouring counts the set has from `first` on, `most` at most. */
export const lengthOfRun = (set: CountSet, first: Uint32, most: number): number => {
  let length = 0;
  while (length < most && hasCount(set, plus(first, length))) length += 1;
  return length;
};

/** The set as runs, in the order in which they follow `base`. */
export const runsOf = (set: CountSet, base: Uint32): readonly Run[] => {
  const counts = set.blocks.flatMap((block, index) => countsIn(block ?? [], (set.first + index) & MASK));
  return joined(counts.sort((a, b) => span(base, a) - span(base, b)));
};

/** The counts of `set` that `other` does not have, as runs in order. It reads the blocks that are not the same value in both sets. */
export const runsNotIn = (set: CountSet, other: CountSet): readonly Run[] =>
  joined(
    set.blocks.flatMap((block, index) => {
      const number = (set.first + index) & MASK;
      const twin = other.blocks[(number - other.first) & MASK] ?? NO_WORDS;
      if (block === null || block === twin) return [];
      return countsIn(
        block.map((word, at) => word & ~(twin[at] ?? 0)),
        number,
      );
    }),
  );

/** The set with the counts of runs that it does not have yet. */
export const withRuns = (set: CountSet, runs: readonly Run[]): CountSet =>
  runs.flatMap(([first, length]) => Array.from({ length }, (_, n) => plus(first, n))).reduce(withCount, set);

export const fromRuns = (runs: readonly Run[]): CountSet => withRuns(NO_COUNTS, runs);

const MASK = 0x3fffff;

const NO_WORDS: readonly number[] = new Array<number>(32).fill(0);

const indexOf = ({ first }: Pick<CountSet, 'first'>, count: Uint32): number => ((count >>> 10) - first) & MASK;

const wordOf = (count: Uint32): number => (count >>> 5) & 31;

const bitOf = (count: Uint32): number => 1 << (count & 31);

/** The set with its first block at the count or before it. */
const reaching = (set: CountSet, count: Uint32): CountSet => {
  if (set.size === 0) return { ...set, first: count >>> 10 };
  const before = (set.first - (count >>> 10)) & MASK;
  if (before === 0 || before > MASK / 2) return set;
  return { ...set, first: count >>> 10, blocks: [...new Array<Block>(before).fill(null), ...set.blocks] };
};

/** `length` counts from `first` on belong to the block. */
const withoutCounts = (words: readonly number[], first: Uint32, length: number): Block => {
  const left = [...words];
  for (let n = 0; n < length; n++) {
    const count = plus(first, n);
    left[wordOf(count)] = (left[wordOf(count)] ?? 0) & ~bitOf(count);
  }
  return left.some((word) => word !== 0) ? left : null;
};

/** Counts in order, as runs. */
const joined = (counts: readonly Uint32[]): readonly Run[] => {
  const runs: [Uint32, number][] = [];
  for (const count of counts) {
    const last = runs.at(-1);
    if (last !== undefined && plus(last[0], last[1]) === count) last[1] += 1;
    else runs.push([count, 1]);
  }
  return runs;
};

const countsIn = (words: readonly number[], number: number): readonly Uint32[] =>
  words.flatMap((word, at) => {
    if (word === 0) return [];
    const counts: Uint32[] = [];
    for (let bit = 0; bit < 32; bit++)
      if ((word & (1 << bit)) !== 0) counts.push(plus(ZERO, number * 1024 + at * 32 + bit));
    return counts;
  });
