/** Places the regions of a parallel state in lines, one line below the other. */
import { type Drawing, moved, type Shapes } from './drawing.js';

/**
 * A line takes regions until it would be broader than the broadest region. All lines are stretched to the same width.
 */
export const inLines = (regions: readonly Drawing[]): Drawing => {
  const width = Math.max(0, ...regions.map((region) => region.width));
  const placed: Shapes[] = [];
  let y = 0;
  for (const line of linesOf(regions, width)) {
    const height = Math.max(...line.map((region) => region.height));
    let x = 0;
    for (const [index, region] of line.entries()) {
      const isLast = index === line.length - 1;
      placed.push(moved(stretched(region, isLast ? width - x : region.width, height), x, y));
      x += region.width + GAP;
    }
    y += height + GAP;
  }
  return {
    width,
    height: Math.max(0, y - GAP),
    boxes: placed.flatMap(({ boxes }) => boxes),
    edges: placed.flatMap(({ edges }) => edges),
  };
};

const linesOf = (regions: readonly Drawing[], most: number): readonly (readonly Drawing[])[] => {
  const lines: Drawing[][] = [];
  let left = 0;
  for (const region of regions) {
    const line = lines.at(-1);
    if (line === undefined || region.width + GAP > left) {
      lines.push([region]);
      left = most - region.width;
    } else {
      line.push(region);
      left -= region.width + GAP;
    }
  }
  return lines;
};

/** The region's outermost box takes this size. The content of the box stays in the middle of its height. */
const stretched = (
  { boxes: [outer, ...inner], edges, height: was }: Drawing,
  width: number,
  height: number,
): Shapes => {
  const content = moved({ boxes: inner, edges }, 0, (height - was) / 2);
  return {
    boxes: outer === undefined ? [] : [{ ...outer, kind: 'region', width, height }, ...content.boxes],
    edges: content.edges,
  };
};

const GAP = 8;
