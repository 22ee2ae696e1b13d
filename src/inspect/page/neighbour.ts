import type { Box } from './drawing.js';

/** The nearest box in the direction of an arrow key; undefined for other keys, and where there is no box. */
export const neighbour = (boxes: readonly Box[], from: Box, key: string): Box | undefined => {
  const [dx, dy] = DIRECTIONS[key] ?? [0, 0];
  if (dx === 0 && dy === 0) return undefined;
  return boxes
    .map((box) => ({ box, cost: costOf(box, from, dx, dy) }))
    .filter(({ cost }) => cost < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.cost - b.cost)[0]?.box;
};

/** The distance between the labels of two boxes. A distance across the direction counts double. */
const costOf = (box: Box, from: Box, dx: number, dy: number): number => {
  const [x, y] = [labelOf(box)[0] - labelOf(from)[0], labelOf(box)[1] - labelOf(from)[1]];
  const ahead = x * dx + y * dy;
  const beside = Math.abs(x * dy) + Math.abs(y * dx);
  return ahead < CLOSEST ? Number.POSITIVE_INFINITY : ahead + 2 * beside;
};

const labelOf = ({ kind, x, y, width, height }: Box): readonly [x: number, y: number] =>
  kind === 'leaf' ? [x + width / 2, y + height / 2] : [x + width / 2, y];

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The labels of boxes in the same line differ by less than this distance. */
const CLOSEST = 4;
