/** The chart of the session that is looked at: its active states lit, and the way of its last step. */
import type { ChartState, DetailMessage, LoggedStep } from '../messages.js';
import { element, shape } from './dom.js';
import type { Box, Edge, Point } from './drawing.js';
import { layOut } from './layout.js';
import { ends, isWithin, takenIn } from './tree.js';

export interface Chart {
  readonly node: Element;
  show(session: DetailMessage, last: LoggedStep | undefined): void;
}

/** @param onPick is called with the path of a state that is pointed out, undefined when none is any more */
export const createChart = (chart: ChartState, onPick: (path: string | undefined) => void): Chart => {
  const { width, height, boxes, edges } = layOut(chart);
  const states = new Map(boxes.map((box) => [box.path, drawnBox(box)]));
  const arrows = new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, drawnEdge(edge)]));
  const ways = shape('g', {}, ...arrows.values());
  const node = shape(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': `Chart of the ${chart.key}` },
    ...boxes.flatMap(({ kind, path }) => (kind === 'leaf' ? [] : [states.get(path) ?? ''])),
    ways,
    ...boxes.flatMap(({ kind, path }) => (kind === 'leaf' ? [states.get(path) ?? ''] : [])),
  );
  node.style.maxWidth = `${width * LARGEST}px`;
  rove([...states.entries()], onPick);

  return {
    node,
    show({ configuration }, last) {
      const active = configuration.split(' & ');
      const taken = last === undefined ? [] : takenIn(chart, last);
      for (const [path, state] of states) {
        const isActive = active.some((leaf) => isWithin(leaf, path));
        state.classList.toggle('active', isActive);
        state.classList.toggle(
          'taken',
          taken.some((one) => one.state === path),
        );
        state.setAttribute('aria-current', `${isActive}`);
      }
      const led = new Set(
        taken.flatMap(({ state, target }) => (target === null ? [] : [ends(state, target)?.join(' ')])),
      );
      for (const [way, arrow] of arrows) {
        arrow.classList.toggle('taken', led.has(way));
        // What comes last is on top.
        if (led.has(way)) ways.append(arrow);
      }
    },
  };
};

const drawnBox = ({ path, key, kind, x, y, width, height }: Box): SVGGElement =>
  shape(
    'g',
    { class: `state ${kind}`, 'data-state': path, role: 'button', tabindex: '-1', 'aria-label': path },
    shape('rect', { x: `${x}`, y: `${y}`, width: `${width}`, height: `${height}`, rx: kind === 'leaf' ? '7' : '9' }),
    shape(
      'text',
      kind === 'leaf' ? { x: `${x + width / 2}`, y: `${y + height / 2}` } : { x: `${x + 10}`, y: `${y + 17}` },
      key,
    ),
  );

const drawnEdge = ({ from, to, points }: Edge): SVGGElement =>
  shape(
    'g',
    { class: 'edge', 'data-edge': `${from} ${to}`, 'aria-hidden': 'true' },
    shape('path', { class: 'line', d: rounded(points) }),
    shape('path', { class: 'head', d: head(points) }),
  );

const rounded = (points: readonly Point[]): string =>
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

const towards = ([x, y]: Point, [tx, ty]: Point): Point => {
  const far = Math.hypot(tx - x, ty - y);
  const share = far === 0 ? 0 : Math.min(RADIUS, far / 2) / far;
  return [x + (tx - x) * share, y + (ty - y) * share];
};

const head = (points: readonly Point[]): string => {
  const [tip, tail] = [points.at(-1), points.at(-2)];
  if (tip === undefined || tail === undefined) return '';
  const angle = Math.atan2(tip[1] - tail[1], tip[0] - tail[0]);
  const corner = (turn: number): string =>
    `${tip[0] - HEAD * Math.cos(angle + turn)} ${tip[1] - HEAD * Math.sin(angle + turn)}`;
  return `M${tip[0]} ${tip[1]}L${corner(0.45)}L${corner(-0.45)}Z`;
};

/** One stop for the tab key; arrows go from state to state. */
const rove = (
  states: readonly (readonly [string, SVGGElement])[],
  onPick: (path: string | undefined) => void,
): void => {
  states[0]?.[1].setAttribute('tabindex', '0');
  states.forEach(([path, state], place) => {
    const pick = (): void => onPick(path);
    state.addEventListener('focus', pick);
    state.addEventListener('click', pick);
    state.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') onPick(undefined);
      const step = STEPS[event.key];
      const next = step === undefined ? undefined : states[place + step]?.[1];
      if (next === undefined) return;
      event.preventDefault();
      state.setAttribute('tabindex', '-1');
      next.setAttribute('tabindex', '0');
      next.focus();
    });
  });
};

/** Nothing to draw yet. */
export const noChart = (): Element => element('p', { class: 'hint' }, 'The chart appears with the first session.');

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const RADIUS = 5;
const HEAD = 6.5;
const LARGEST = 1.25;
