/**
 * The box in which a chart scrolls. It decides how large the chart is drawn, and which part of the chart is in sight.
 */
import { type Area, centred, hasRoomFor, isInSight, placed } from './area.js';
import { byId } from './dom.js';
import type { Picture } from './picture.js';
import type { Size } from './slots.js';

export interface Frame {
  /** The picture that is in the frame at present. */
  readonly picture: Picture | undefined;
  /**
   * Shows one of these pictures, which are in order from the broadest to the narrowest: the first picture that needs no
   * sideways scrolling.
   */
  show(pictures: readonly Picture[]): void;
  /**
   * Scrolls to a part of the drawing. `gently` scrolls smoothly, and only if the smallest part is not in sight.
   * @param parts from the largest to the smallest; the frame scrolls to the first part that the box has room for
   */
  reveal(parts: readonly Area[], how: 'at once' | 'gently'): void;
}

/** @param onFit is called with the picture each time when the picture comes into the frame or changes its size */
export const createFrame = (onFit: (picture: Picture) => void): Frame => {
  const box = byId('chart', HTMLElement);
  const whole = byId('whole', HTMLButtonElement);
  let pictures: readonly Picture[] = [];
  let picture: Picture | undefined;
  let scale = 1;
  let zoom: Zoom;

  const refit = (): void => {
    const room = { width: box.clientWidth, height: box.clientHeight };
    const next = pictures.find(({ drawing }) => drawing.width * SMALLEST <= room.width) ?? pictures.at(-1);
    if (next === undefined || room.width === 0) return;
    const { node, drawing } = next;
    picture = next;
    scale = scaleOf(zoom, drawing, room);
    node.setAttribute('width', `${drawing.width * scale}`);
    node.setAttribute('height', `${drawing.height * scale}`);
    if (box.firstChild !== node) box.replaceChildren(node);
    onFit(next);
  };

  const zoomTo = (next: Zoom): void => {
    zoom = next;
    whole.setAttribute('aria-pressed', `${zoom === 'whole'}`);
    refit();
  };
  byId('larger', HTMLButtonElement).addEventListener('click', () => zoomTo(Math.min(scale * STEP, MOST)));
  byId('smaller', HTMLButtonElement).addEventListener('click', () => zoomTo(Math.max(scale / STEP, LEAST)));
  whole.addEventListener('click', () => zoomTo(zoom === 'whole' ? undefined : 'whole'));
  new ResizeObserver(refit).observe(box);

  return {
    get picture() {
      return picture;
    },
    show(next) {
      if (next === pictures) return;
      pictures = next;
      refit();
    },
    reveal(parts, how) {
      if (picture === undefined) return;
      const { node } = picture;
      const areas = parts.map((part) => placed(part, node, scale, box));
      const smallest = areas.at(-1);
      if (smallest === undefined || (how === 'gently' && isInSight(smallest, box))) return;
      const { x, y, width, height } = areas.find((area) => hasRoomFor(box, area)) ?? smallest;
      box.scrollTo({
        left: centred(x, width, box.clientWidth),
        top: centred(y, height, box.clientHeight),
        behavior: how === 'at once' || prefersLessMotion.matches ? 'instant' : 'smooth',
      });
    },
  };
};

/** The zoom that the user chose; undefined for a picture that needs no sideways scrolling. */
type Zoom = number | 'whole' | undefined;

const scaleOf = (zoom: Zoom, drawing: Size, room: Size): number => {
  if (typeof zoom === 'number') return zoom;
  const [across, down] = [room.width / drawing.width, room.height / drawing.height];
  if (zoom === 'whole') return Math.min(across, down, LARGEST);
  return Math.max(SMALLEST, Math.min(across, Math.max(down, 1), LARGEST));
};

const prefersLessMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** Labels are 12 px high at scale 1: they stay at 11 px or more unless the user asks for less. */
const SMALLEST = 11 / 12;
const LARGEST = 1.4;
/** The factor of a zoom button. */
const STEP = 1.25;
const LEAST = 0.3;
const MOST = 3;
