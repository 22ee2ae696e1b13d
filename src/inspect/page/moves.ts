/** From state to state with the arrow keys: the chart is a single stop for the tab key. */
import type { Box } from './drawing.js';

/** @param onPick is called with the path of the state that has the focus, or was tapped */
export const moveWithKeys = (
  boxes: readonly Box[],
  states: ReadonlyMap<string, SVGGElement>,
  onPick: (path: string) => void,
): void => {
  let stop: SVGGElement | undefined;
  const stopAt = (state: SVGGElement): void => {
    stop?.setAttribute('tabindex', '-1');
    stop = state;
    state.setAttribute('tabindex', '0');
  };
  for (const box of boxes) {
    const state = states.get(box.path);
    if (state === undefined) continue;
    if (stop === undefined) stopAt(state);
    state.addEventListener('click', () => onPick(box.path));
    state.addEventListener('focus', () => {
      stopAt(state);
      onPick(box.path);
    });
    state.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') onPick(box.path);
      const next = states.get(neighbour(boxes, box, event.key)?.path ?? '');
      if (next === undefined && event.key !== ' ') return;
      event.preventDefault();
      next?.focus({ preventScroll: true });
    });
  }
};

/** The nearest box that begins further on in the direction of the key. */
const neighbour = (boxes: readonly Box[], from: Box, key: string): Box | undefined => {
  const [dx, dy] = DIRECTIONS[key] ?? [0, 0];
  if (dx === 0 && dy === 0) return undefined;
  return boxes
    .map((box) => ({ box, cost: costOf(box, from, dx, dy) }))
    .filter(({ cost }) => cost < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.cost - b.cost)[0]?.box;
};

/** Distance between the places of the labels; what is off the direction counts double. */
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

/** Boxes in a line differ by less. */
const CLOSEST = 4;
