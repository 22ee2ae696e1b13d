import { describe, expect, it } from 'vitest';
import type { Box, Edge, Point } from '../../src/inspect/page/drawing.js';
import { layOut, NARROW } from '../../src/inspect/page/layout.js';
import { neighbour } from '../../src/inspect/page/neighbour.js';
import { activeIn, ends, isWithin, stateAt } from '../../src/inspect/page/tree.js';
import { pictures } from '../../src/inspect/pictures.js';

const { charts, clauses } = pictures();

describe.each([
  ['client', 'broad', undefined],
  ['client', 'narrow', NARROW],
  ['server', 'broad', undefined],
  ['server', 'narrow', NARROW],
] as const)('the drawing of the %s, %s', (role, _breadth, most) => {
  const chart = charts[role];
  const drawing = layOut(chart, most);
  const boxAt = (path: string): Box => drawing.boxes.find((box) => box.path === path) ?? expect.fail(`no box ${path}`);
  const pairs = drawing.boxes.flatMap((one, index) =>
    drawing.boxes.slice(index + 1).map((other) => [one, other] as const),
  );

  it('has a box for every state, within that of the state around it', () => {
    const paths = statesIn(chart).map(({ path }) => path);
    expect(drawing.boxes.map(({ path }) => path).sort()).toEqual(paths.sort());
    for (const box of drawing.boxes) {
      const around = box.path.includes('.') ? boxAt(box.path.slice(0, box.path.lastIndexOf('.'))) : whole(drawing);
      expect(contains(around, box), box.path).toBe(true);
    }
  });

  it('lets no two states overlap', () => {
    for (const [one, other] of pairs) {
      if (isWithin(one.path, other.path) || isWithin(other.path, one.path)) continue;
      expect(overlap(one, other), `${one.path} and ${other.path}`).toBe(false);
    }
  });

  it('has an arrow for every pair of states with a transition between them', () => {
    const ways = statesIn(chart).flatMap(({ path, transitions }) =>
      transitions.flatMap(({ target }) => (target === null ? [] : [ends(path, target)?.join(' ')])),
    );
    const wanted = new Set(ways.filter((way) => way !== undefined && !way.startsWith(' ')));
    expect(new Set(drawing.edges.map(({ from, to }) => `${from} ${to}`))).toEqual(wanted);
  });

  it('draws each arrow from the border of its state to the border of the other state, through no third state', () => {
    for (const edge of drawing.edges) {
      const [from, to] = [boxAt(edge.from), boxAt(edge.to)];
      expect(onBorder(from, edge.points[0]), nameOf(edge)).toBe(true);
      expect(onBorder(to, edge.points.at(-1)), nameOf(edge)).toBe(true);
      for (const box of drawing.boxes) {
        if (isWithin(edge.from, box.path) || isWithin(edge.to, box.path)) continue;
        for (const [index, end] of edge.points.slice(1).entries()) {
          const start = edge.points[index] ?? end;
          expect(crosses(box, start, end), `${nameOf(edge)} through ${box.path}`).toBe(false);
        }
      }
    }
  });

  it('lets the user go from each state to every other state with the arrow keys', () => {
    for (const start of drawing.boxes) {
      const reached = new Set([start]);
      for (const box of reached) {
        for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
          const next = neighbour(drawing.boxes, box, key);
          if (next !== undefined) reached.add(next);
        }
      }
      expect(reached.size, start.path).toBe(drawing.boxes.length);
    }
  });

  it('names only clauses that exist', () => {
    for (const { clauses: own, transitions } of statesIn(chart))
      for (const id of [...own, ...transitions.flatMap((transition) => transition.clauses)])
        expect(clauses).toHaveProperty(id);
  });
});

it.each(['client', 'server'] as const)('has a drawing of the %s that is narrow enough for a telephone', (role) => {
  const { width } = layOut(charts[role], NARROW);
  expect(width * (11 / 12)).toBeLessThanOrEqual(390);
  expect(width).toBeLessThan(layOut(charts[role]).width);
});

it('finds states by their paths', () => {
  expect(stateAt(charts.server, 'enabled.acking.awaitingAck.overdue')?.key).toBe('overdue');
  expect(stateAt(charts.server, 'enabled.nothing')).toBeUndefined();
});

it('finds the active states, outer states before inner states, and the region of a state', () => {
  const leaves = ['enabled.acking.awaitingAck.overdue', 'enabled.capacity.belowLimit'];
  expect(activeIn(charts.server, leaves).map(({ state, region }) => [state.path, region?.key])).toEqual([
    ['enabled', undefined],
    ['enabled.acking.awaitingAck', 'acking'],
    ['enabled.acking.awaitingAck.overdue', 'acking'],
    ['enabled.capacity.belowLimit', 'capacity'],
  ]);
});

type State = (typeof charts)['client'];

const statesIn = (state: State): readonly State[] => state.states.flatMap((child) => [child, ...statesIn(child)]);

const whole = ({ width, height }: { readonly width: number; readonly height: number }) => ({
  x: 0,
  y: 0,
  width,
  height,
});

type Area = ReturnType<typeof whole>;

const contains = (outer: Area, inner: Area): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const overlap = (one: Area, other: Area): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const NEAR = 0.01;

const onBorder = (box: Area, point: Point | undefined): boolean => {
  const [x, y] = point ?? [Number.NaN, Number.NaN];
  const between = (value: number, lo: number, size: number): boolean => value >= lo - NEAR && value <= lo + size + NEAR;
  const at = (value: number, lo: number, size: number): boolean =>
    Math.abs(value - lo) < NEAR || Math.abs(value - lo - size) < NEAR;
  return (
    (at(x, box.x, box.width) && between(y, box.y, box.height)) ||
    (at(y, box.y, box.height) && between(x, box.x, box.width))
  );
};

/** Arrows go straight along or across. */
const crosses = (box: Area, [ax, ay]: Point, [bx, by]: Point): boolean =>
  overlap(box, {
    x: Math.min(ax, bx),
    y: Math.min(ay, by),
    width: Math.abs(ax - bx) + NEAR,
    height: Math.abs(ay - by) + NEAR,
  });

const nameOf = ({ from, to }: Edge): string => `${from} -> ${to}`;
