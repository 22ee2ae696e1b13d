/** A drawing as SVG. The page can light and mark its states, and the user can ask about them. */
import type { ChartState, LoggedStep } from '../messages.js';
import { arrowHead, roundedLine } from './arrow.js';
import { shape } from './dom.js';
import type { Box, Drawing, Edge } from './drawing.js';
import { moveWithKeys } from './moves.js';
import { ends, isWithin, stateAt, takenIn } from './tree.js';

export interface Picture {
  readonly node: SVGSVGElement;
  readonly drawing: Drawing;
  /** Lights the active states, and the arrows of the last step. */
  light(leaves: readonly string[], last: LoggedStep | undefined): void;
  /** Marks the state that the user asks about. */
  mark(path: string | undefined): void;
}

/** @param onPick is called with the path of a state that the user asks about */
export const createPicture = (chart: ChartState, drawing: Drawing, onPick: (path: string) => void): Picture => {
  const { width, height, boxes, edges } = drawing;
  const states = new Map(boxes.map((box) => [box.path, drawnBox(box, chart)]));
  const arrows = new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, drawnEdge(edge)]));
  const ways = shape('g', {}, ...arrows.values());
  const nodesOf = (isLeaf: boolean) =>
    boxes.flatMap(({ kind, path }) => ((kind === 'leaf') === isLeaf ? [states.get(path) ?? ''] : []));
  const node = shape(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': `Chart of the ${chart.key}` },
    ...nodesOf(false),
    ways,
    ...nodesOf(true),
  );
  moveWithKeys(boxes, states, onPick);

  const lightArrows = (taken: ReturnType<typeof takenIn>): void => {
    const led = new Set(
      taken.flatMap(({ state, target }) => (target === null ? [] : [ends(state, target)?.join(' ')])),
    );
    for (const [way, arrow] of arrows) {
      arrow.classList.toggle('taken', led.has(way));
      // The last element is on top of the others.
      if (led.has(way)) ways.append(arrow);
    }
  };

  return {
    node,
    drawing,
    light(leaves, last) {
      const taken = last === undefined ? [] : takenIn(chart, last);
      for (const [path, state] of states) {
        const isActive = leaves.some((leaf) => isWithin(leaf, path));
        state.classList.toggle('active', isActive);
        state.classList.toggle(
          'taken',
          taken.some((one) => one.state === path),
        );
        state.setAttribute('aria-current', `${isActive}`);
      }
      lightArrows(taken);
    },
    mark(path) {
      for (const [own, state] of states) state.classList.toggle('picked', own === path);
    },
  };
};

const drawnBox = ({ path, key, kind, x, y, width, height }: Box, chart: ChartState): SVGGElement =>
  shape(
    'g',
    {
      class: `state ${kind}`,
      'data-state': path,
      role: 'button',
      tabindex: '-1',
      'aria-label': `${path}: ${stateAt(chart, path)?.description ?? ''}`,
    },
    shape('rect', { x: `${x}`, y: `${y}`, width: `${width}`, height: `${height}`, rx: kind === 'leaf' ? '7' : '9' }),
    shape(
      'text',
      kind === 'leaf' ? { x: `${x + width / 2}`, y: `${y + height / 2}` } : { x: `${x + 9}`, y: `${y + 17}` },
      key,
    ),
  );

const drawnEdge = ({ from, to, points }: Edge): SVGGElement =>
  shape(
    'g',
    { class: 'edge', 'data-edge': `${from} ${to}`, 'aria-hidden': 'true' },
    shape('path', { class: 'line', d: roundedLine(points) }),
    shape('path', { class: 'head', d: arrowHead(points) }),
  );
