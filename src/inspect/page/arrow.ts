/** The lines of an arrow, as the data of SVG paths. */
import type { Point } from './drawing.js';

export const roundedLine = (points: readonly Point[]): string =>
  points
    .map(([x, y], index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (before === undefined) return `M${x} ${y}`;
      if (after === undefined) return `L${x} ${y}`;
      const [ax, ay] = towards([x, y], before);
      const [bx, by] = towards([x, y], after);
      return `L${ax} ${ay}Q${x} ${y} ${bx} ${by}`;
    })
    .join('');

export const arrowHead = (points: readonly Point[]): string => {
  const [tip, tail] = [points.at(-1), points.at(-2)];
  if (tip === undefined || tail === undefined) return '';
  const angle = Math.atan2(tip[1] - tail[1], tip[0] - tail[0]);
  const corner = (turn: number): string =>
    `${tip[0] - HEAD * Math.cos(angle + turn)} ${tip[1] - HEAD * Math.sin(angle + turn)}`;
  return `M${tip[0]} ${tip[1]}L${corner(0.45)}L${corner(-0.45)}Z`;
};

const towards = ([x, y]: Point, [tx, ty]: Point): Point => {
  const far = Math.hypot(tx - x, ty - y);
  const share = far === 0 ? 0 : Math.min(RADIUS, far / 2) / far;
  return [x + (tx - x) * share, y + (ty - y) * share];
};

const RADIUS = 5;
const HEAD = 6.5;
