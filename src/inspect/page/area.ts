/** Parts of a drawing in its units, and parts of a scrolling box in pixels. */
import type { Box } from './drawing.js';

export type Area = Pick<Box, 'x' | 'y' | 'width' | 'height'>;

/** The smallest area that holds all these boxes; undefined without boxes. */
export const areaOf = (boxes: readonly Area[]): Area | undefined => {
  if (boxes.length === 0) return undefined;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
};

/** The position of a part of the drawing, in pixels from the scroll origin of the box. */
export const placed = ({ x, y, width, height }: Area, node: Element, scale: number, box: Element): Area => {
  const [inner, outer] = [node.getBoundingClientRect(), box.getBoundingClientRect()];
  return {
    x: inner.left - outer.left + box.scrollLeft + x * scale,
    y: inner.top - outer.top + box.scrollTop + y * scale,
    width: width * scale,
    height: height * scale,
  };
};

export const hasRoomFor = ({ clientWidth, clientHeight }: Element, { width, height }: Area): boolean =>
  width <= clientWidth && height <= clientHeight;

export const isInSight = ({ x, y, width, height }: Area, box: Element): boolean =>
  x >= box.scrollLeft &&
  y >= box.scrollTop &&
  x + width <= box.scrollLeft + box.clientWidth &&
  y + height <= box.scrollTop + box.clientHeight;

/**
 * The scroll position in a dimension: it centres the part. When the part is too long, its start comes to the start of
 * the box.
 */
export const centred = (start: number, length: number, room: number): number =>
  length > room ? start - MARGIN : start - (room - length) / 2;

/** The margin in pixels. */
const MARGIN = 8;
