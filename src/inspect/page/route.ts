/**
 * Places ranks of boxes one behind the other, and leads the arrows between them: straight from one rank to the next, in lanes
 * beside the boxes where they pass a rank by. Nothing is led through a box.
 *
 * `m` runs along the ranks and `c` across them, so that one way of doing it serves for both directions.
 */
import type { Edge, Point } from './drawing.js';
import type { Joined } from './ranks.js';
import { across, NOWHERE, type Size, type Slot } from './slots.js';
import { firstFit } from './tracks.js';

export type Direction = 'down' | 'right';

export interface Routed extends Size {
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  readonly edges: readonly Edge[];
}

export const route = (
  ranks: readonly (readonly string[])[],
  sizes: ReadonlyMap<string, Size>,
  joined: Joined,
  direction: Direction,
): Routed => {
  const down = direction === 'down';
  const boxes = across(ranks, sizes, down);
  const extent = Math.max(0, ...[...boxes.values()].map(({ hi }) => hi));
  const box = (path: string): Slot => boxes.get(path) ?? NOWHERE;
  const { adjacent, skipping } = sorted(joined, box);
  const lanes = inLanes(skipping, box, down);
  const laneAt = ({ side, lane }: Lane): number =>
    side === 'lo' ? -FIRST_LANE - lane * LANE : extent + FIRST_LANE + lane * LANE;
  const straight = adjacent.flatMap((edges) => between(edges, box));
  const led = lanes.map((lane) => ({
    lane,
    from: port(lane, lane.from, lanes, box),
    to: port(lane, lane.to, lanes, box),
  }));

  const bends: Bend[] = [
    ...straight
      .filter(({ from, to }) => from.c !== to.c)
      .map(({ edge, gutter, from, to }) => ({ key: edge.join(), gutter, c: [from.c, to.c] as const })),
    ...led.flatMap(({ lane, from, to }) => [
      ...(from.kind === 'gutter'
        ? [{ key: `${lane.from} out ${lane.to}`, gutter: from.gutter, c: [from.c, laneAt(lane)] as const }]
        : []),
      ...(to.kind === 'gutter'
        ? [{ key: `${lane.from} in ${lane.to}`, gutter: to.gutter, c: [to.c, laneAt(lane)] as const }]
        : []),
    ]),
  ];
  const { starts, depth, total, trackOf } = along(ranks, boxes, bends, down ? GUTTER_DOWN : GUTTER_RIGHT);
  const m0 = ({ rank, size }: Slot): number => (starts[rank] ?? 0) + ((depth[rank] ?? 0) - size) / 2;
  const m1 = (slot: Slot): number => m0(slot) + slot.size;

  const paths: { readonly edge: readonly [string, string]; readonly points: readonly Point[] }[] = [
    ...straight.map(({ edge, from, to }) => {
      const ahead = box(edge[0]).rank < box(edge[1]).rank;
      const [out, into] = [ahead ? m1(box(edge[0])) : m0(box(edge[0])), ahead ? m0(box(edge[1])) : m1(box(edge[1]))];
      const track = trackOf(edge.join());
      const bent: readonly Point[] =
        from.c === to.c
          ? []
          : [
              [track, from.c],
              [track, to.c],
            ];
      return { edge, points: [[out, from.c] as const, ...bent, [into, to.c] as const] };
    }),
    ...led.map(({ lane, from, to }) => {
      const c = laneAt(lane);
      const end = (port: Port, path: string, track: string): readonly Point[] => {
        const slot = box(path);
        if (port.kind === 'side') {
          const m = m0(slot) + slot.size * port.share;
          return [
            [m, lane.side === 'lo' ? slot.lo : slot.hi],
            [m, c],
          ];
        }
        const at = trackOf(track);
        return [
          [port.gutter < slot.rank ? m0(slot) : m1(slot), port.c],
          [at, port.c],
          [at, c],
        ];
      };
      return {
        edge: [lane.from, lane.to] as const,
        points: [
          ...end(from, lane.from, `${lane.from} out ${lane.to}`),
          ...end(to, lane.to, `${lane.from} in ${lane.to}`).toReversed(),
        ],
      };
    }),
  ];

  const lanesAt = (side: Side): number =>
    Math.max(0, ...lanes.filter((lane) => lane.side === side).map(({ lane }) => lane + 1));
  const before = lanesAt('lo') === 0 ? 0 : FIRST_LANE + (lanesAt('lo') - 1) * LANE + EDGE;
  const behind = lanesAt('hi') === 0 ? 0 : FIRST_LANE + (lanesAt('hi') - 1) * LANE + EDGE;
  const turned = ([m, c]: Point): Point => (down ? [c + before, m] : [m, c + before]);
  const breadth = before + extent + behind;
  return {
    width: down ? breadth : total,
    height: down ? total : breadth,
    places: new Map(
      [...boxes].map(([path, slot]) => {
        const [x, y] = turned([m0(slot), slot.lo]);
        return [path, { x, y }];
      }),
    ),
    edges: paths.map(({ edge: [from, to], points }) => ({ from, to, points: points.map(turned) })),
  };
};

type Side = 'lo' | 'hi';

interface Lane {
  readonly from: string;
  readonly to: string;
  readonly side: Side;
  /** 0 is the innermost. */
  readonly lane: number;
}

interface Bend {
  readonly key: string;
  /** Behind the rank of this number. */
  readonly gutter: number;
  readonly c: readonly [number, number];
}

/** Where an arrow leaves or enters a box: beside it at a share of its size, or before or behind it. */
type Port =
  | { readonly kind: 'side'; readonly share: number }
  | { readonly kind: 'gutter'; readonly gutter: number; readonly c: number };

/** Arrows to the next rank or the one before, those between the same two boxes together; and the others. */
const sorted = (joined: Joined, box: (path: string) => Slot) => {
  const adjacent = new Map<string, (readonly [string, string])[]>();
  const skipping: (readonly [string, string])[] = [];
  for (const edge of joined) {
    const [from, to] = edge;
    if (Math.abs(box(from).rank - box(to).rank) !== 1) skipping.push(edge);
    else {
      const pair = [from, to].sort().join();
      adjacent.set(pair, [...(adjacent.get(pair) ?? []), edge]);
    }
  }
  return { adjacent: [...adjacent.values()], skipping };
};

/** The shorter an arrow, the nearer its lane; ways back are on the other side. */
const inLanes = (skipping: Joined, box: (path: string) => Slot, down: boolean): readonly Lane[] => {
  const reach = ([from, to]: readonly [string, string]): readonly [number, number] => {
    const [a, b] = [box(from).rank, box(to).rank];
    return [Math.min(a, b), Math.max(a, b)];
  };
  const isBack = ([from, to]: readonly [string, string]): boolean => box(from).rank >= box(to).rank;
  return [false, true].flatMap((back) => {
    const edges = skipping
      .filter((edge) => isBack(edge) === back)
      .sort((a, b) => reach(a)[1] - reach(a)[0] - (reach(b)[1] - reach(b)[0]));
    const lanes = firstFit(edges.map(reach));
    const side: Side = back === down ? 'lo' : 'hi';
    return edges.map(([from, to], index) => ({ from, to, side, lane: lanes[index] ?? 0 }));
  });
};

/** Arrows between two boxes in neighbouring ranks: straight where the boxes face each other. */
const between = (edges: Joined, box: (path: string) => Slot) =>
  edges.map((edge, index) => {
    const [from, to] = [box(edge[0]), box(edge[1])];
    const [lo, hi] = [Math.max(from.lo, to.lo) + CORNER, Math.min(from.hi, to.hi) - CORNER];
    const gutter = Math.min(from.rank, to.rank);
    const step = Math.min(APART, (hi - lo) / Math.max(1, edges.length - 1));
    if (hi >= lo && (edges.length === 1 || step >= CLOSEST)) {
      const c = (lo + hi) / 2 + (index - (edges.length - 1) / 2) * step;
      return { edge, gutter, from: { c }, to: { c } };
    }
    const inset = CORNER + index * APART;
    const isAhead = from.lo < to.lo;
    return {
      edge,
      gutter,
      from: { c: isAhead ? from.hi - inset : from.lo + inset },
      to: { c: isAhead ? to.lo + inset : to.hi - inset },
    };
  });

/** Straight into the lane where no other box is on the way; arrows at one side of a box in an order in which none crosses another. */
const port = (lane: Lane, path: string, lanes: readonly Lane[], box: (path: string) => Slot): Port => {
  const slot = box(path);
  const isSource = path === lane.from;
  const isBack = box(lane.from).rank >= box(lane.to).rank;
  if (lane.side === 'lo' ? slot.isFirst : slot.isLast) {
    const here = lanes.filter(({ from, to, side }) => side === lane.side && (from === path || to === path));
    // Those that come from, or go to, where the arrow does not pass come first.
    const order = (one: Lane): number =>
      (one.from === path) === isBack ? one.lane : lanes.length - one.lane + lanes.length;
    const place = [...here].sort((a, b) => order(a) - order(b)).indexOf(lane);
    return { kind: 'side', share: (place + 1) / (here.length + 1) };
  }
  const behind = isSource !== isBack;
  return {
    kind: 'gutter',
    gutter: behind ? slot.rank : slot.rank - 1,
    c: lane.side === 'lo' ? slot.lo + CORNER + lane.lane * APART : slot.hi - CORNER - lane.lane * APART,
  };
};

/** Where each rank begins, with room behind it for the arrows that bend there. */
const along = (
  ranks: readonly (readonly string[])[],
  boxes: ReadonlyMap<string, Slot>,
  bends: readonly Bend[],
  gutter: number,
) => {
  const depth = ranks.map((rank) => Math.max(0, ...rank.map((path) => boxes.get(path)?.size ?? 0)));
  const starts: number[] = [];
  const tracks = new Map<string, number>();
  let m = 0;
  ranks.forEach((_rank, index) => {
    starts.push(m);
    m += depth[index] ?? 0;
    if (index === ranks.length - 1) return;
    const here = bends.filter((bend) => bend.gutter === index);
    const fitted = firstFit(here.map(({ c: [a, b] }) => [Math.min(a, b) - TRACK, Math.max(a, b) + TRACK]));
    const room = Math.max(gutter, 2 * CORNER + TRACK * (Math.max(-1, ...fitted) + 1));
    const spare = (room - TRACK * Math.max(0, ...fitted)) / 2;
    for (const [place, { key }] of here.entries()) tracks.set(key, m + spare + TRACK * (fitted[place] ?? 0));
    m += room;
  });
  return { starts, depth, total: m, trackOf: (key: string): number => tracks.get(key) ?? 0 };
};

const GUTTER_DOWN = 26;
const GUTTER_RIGHT = 30;
const FIRST_LANE = 11;
const LANE = 9;
const EDGE = 4;
const CORNER = 10;
const APART = 12;
const CLOSEST = 7;
const TRACK = 8;
