/**
 * Places ranks of boxes one after the other, and draws the arrows between them: straight from a rank to the next, and
 * in lanes beside the boxes when an arrow passes a rank. No arrow passes through a box.
 *
 * `m` runs along the ranks and `c` across them, so that the same code serves both directions.
 */
import { cornersAt } from './corners.js';
import type { Edge, Point } from './drawing.js';
import { type Along, along, type Bend } from './gutters.js';
import { type Lane, laneAt, lanesFor, roomFor } from './lanes.js';
import { between, cornersBetween, cornersInLanes, type Port, portOf, type Short } from './ports.js';
import type { Joined } from './ranks.js';
import { NO_SLOT, type Size, type SlotOf, slotsIn } from './slots.js';

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
  const slots = slotsIn(ranks, sizes, down);
  const slotOf: SlotOf = (path) => slots.get(path) ?? NO_SLOT;
  const extent = Math.max(0, ...[...slots.values()].map(({ hi }) => hi));
  const { shorts, lanes, longs } = planned(joined, slotOf, down, extent);
  const ranked = along(
    [...slots.values()],
    [...shorts.flatMap(bendOf), ...longs.flatMap(bendsOf)],
    down ? DOWN : RIGHT,
  );
  const before = roomFor(lanes, 'lo');
  const breadth = before + extent + roomFor(lanes, 'hi');
  const turned = ([m, c]: Point): Point => (down ? [c + before, m] : [m, c + before]);
  const ways = [
    ...shorts.map((short) => ({ edge: short.edge, points: wayOf(short, slotOf, ranked) })),
    ...longs.map((long) => ({
      edge: [long.lane.from, long.lane.to] as const,
      points: [...endOf(long, 'from', slotOf, ranked), ...endOf(long, 'to', slotOf, ranked).toReversed()],
    })),
  ];
  const places = [...slots].map(([path, slot]) => {
    const [x, y] = turned([ranked.start(slot), slot.lo]);
    return [path, { x, y }] as const;
  });
  return {
    width: down ? breadth : ranked.total,
    height: down ? ranked.total : breadth,
    places: new Map(places),
    edges: ways.map(({ edge: [from, to], points }) => ({ from, to, points: points.map(turned) })),
  };
};

/** An arrow in a lane. The lane is at `c` across the ranks. */
interface Long {
  readonly lane: Lane;
  readonly c: number;
  readonly from: Port;
  readonly to: Port;
}

/** Chooses the way of each arrow. */
const planned = (joined: Joined, slotOf: SlotOf, down: boolean, extent: number) => {
  const isShort = ([from, to]: Joined[number]): boolean => Math.abs(slotOf(from).rank - slotOf(to).rank) === 1;
  const lanes = lanesFor(
    joined.filter((edge) => !isShort(edge)),
    slotOf,
    down,
  );
  const pairs = byPair(joined.filter(isShort));
  const corners = [...pairs.flatMap((edges) => cornersBetween(edges, slotOf)), ...cornersInLanes(lanes, slotOf)];
  const cornerAt = cornersAt(corners, slotOf);
  const longs = lanes.map(
    (lane): Long => ({
      lane,
      c: laneAt(lane, extent),
      from: portOf(lane, 'from', lanes, slotOf, cornerAt),
      to: portOf(lane, 'to', lanes, slotOf, cornerAt),
    }),
  );
  return { shorts: pairs.flatMap((edges) => between(edges, slotOf, cornerAt)), lanes, longs };
};

/** Groups the arrows between the same two states. */
const byPair = (edges: Joined): readonly Joined[] => {
  const pairs = new Map<string, Joined[number][]>();
  for (const edge of edges) {
    const pair = [...edge].sort().join();
    pairs.set(pair, [...(pairs.get(pair) ?? []), edge]);
  }
  return [...pairs.values()];
};

const bendOf = ({ edge, gutter, from, to }: Short): readonly Bend[] =>
  from === to ? [] : [{ key: edge.join(), gutter, c: [from, to] }];

const bendsOf = ({ lane, c, ...ports }: Long): readonly Bend[] =>
  (['from', 'to'] as const).flatMap((end) => {
    const port = ports[end];
    return port.kind === 'side' ? [] : [{ key: bendKey(lane, end), gutter: port.gutter, c: [port.c, c] as const }];
  });

const bendKey = ({ from, to }: Lane, end: 'from' | 'to'): string => `${from} ${end} ${to}`;

const wayOf = ({ edge: [source, target], from, to }: Short, slotOf: SlotOf, ranked: Along): readonly Point[] => {
  const [a, b] = [slotOf(source), slotOf(target)];
  const ahead = a.rank < b.rank;
  const start: Point = [ahead ? ranked.end(a) : ranked.start(a), from];
  const end: Point = [ahead ? ranked.start(b) : ranked.end(b), to];
  const track = ranked.trackOf([source, target].join());
  return from === to ? [start, end] : [start, [track, from], [track, to], end];
};

/** The points of an arrow from its box to its lane. */
const endOf = (long: Long, end: 'from' | 'to', slotOf: SlotOf, ranked: Along): readonly Point[] => {
  const { lane, c } = long;
  const port = long[end];
  const slot = slotOf(lane[end]);
  if (port.kind === 'side') {
    const m = ranked.start(slot) + slot.size * port.share;
    return [
      [m, lane.side === 'lo' ? slot.lo : slot.hi],
      [m, c],
    ];
  }
  const track = ranked.trackOf(bendKey(lane, end));
  return [
    [port.gutter < slot.rank ? ranked.start(slot) : ranked.end(slot), port.c],
    [track, port.c],
    [track, c],
  ];
};

/** The depth of a gutter, for each direction. */
const DOWN = 26;
const RIGHT = 24;
