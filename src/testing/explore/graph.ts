/** The graph of the worlds that were walked: how each was found, and from which of them a path leads to rest. */
export interface Graph {
  readonly size: number;
  /** Adds a world that was found from `parent` by the move with this number. @returns its index */
  add(parent: number, move: number): number;
  join(from: number, to: number): void;
  markRest(index: number): void;
  /** The moves that lead from the first world to this one. */
  path(index: number): readonly number[];
  /** The first world from which no path leads to rest; -1 when there is none. */
  stuck(): number;
  readonly edges: number;
  readonly rests: number;
}

export const createGraph = (): Graph => {
  const parents = createNumbers();
  const moves = createNumbers();
  const from = createNumbers();
  const to = createNumbers();
  const rests: number[] = [];

  return {
    get size() {
      return parents.length;
    },
    get edges() {
      return from.length;
    },
    get rests() {
      return rests.length;
    },
    add(parent, move) {
      moves.push(move);
      return parents.push(parent);
    },
    join(source, target) {
      from.push(source);
      to.push(target);
    },
    markRest: (index) => rests.push(index),
    path(index) {
      const path: number[] = [];
      for (let at = index; parents.at(at) >= 0; at = parents.at(at)) path.push(moves.at(at));
      return path.reverse();
    },
    stuck() {
      const reached = backwards(parents.length, from, to, rests);
      return reached.indexOf(0);
    },
  };
};

/** 1 for each world from which an edge after the other leads to one of `targets`. */
const backwards = (size: number, from: Numbers, to: Numbers, targets: readonly number[]): Uint8Array => {
  // The edges into world n stand in `sources` from starts[n] on.
  const starts = new Uint32Array(size + 1);
  for (let edge = 0; edge < to.length; edge++) starts[to.at(edge) + 1] = (starts[to.at(edge) + 1] ?? 0) + 1;
  for (let n = 0; n < size; n++) starts[n + 1] = (starts[n + 1] ?? 0) + (starts[n] ?? 0);
  const next = starts.slice();
  const sources = new Uint32Array(to.length);
  for (let edge = 0; edge < to.length; edge++) {
    const target = to.at(edge);
    const place = next[target] ?? 0;
    sources[place] = from.at(edge);
    next[target] = place + 1;
  }
  const reached = new Uint8Array(size);
  const waiting = [...targets];
  for (const target of targets) reached[target] = 1;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
    for (let place = starts[at] ?? 0; place < (starts[at + 1] ?? 0); place++) {
      const source = sources[place] ?? 0;
      if (reached[source] === 1) continue;
      reached[source] = 1;
      waiting.push(source);
    }
  return reached;
};

interface Numbers {
  readonly length: number;
  at(index: number): number;
  /** @returns the index of the new number */
  push(number: number): number;
}

/** A list of whole numbers that takes four bytes for each. */
const createNumbers = (): Numbers => {
  let numbers = new Int32Array(1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    at: (index) => numbers[index] ?? 0,
    push(number) {
      if (length === numbers.length) {
        const larger = new Int32Array(length * 2);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[length] = number;
      length += 1;
      return length - 1;
    },
  };
};
