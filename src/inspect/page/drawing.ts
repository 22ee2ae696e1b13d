/** The parts of a drawing: boxes and arrows. */

export interface Box {
  /** The path of the state. */
  readonly path: string;
  readonly key: string;
  readonly kind: 'leaf' | 'group' | 'parallel' | 'region';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An arrow between two states beside each other. Its head is at its last point. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
}

export type Point = readonly [x: number, y: number];

export interface Shapes {
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
}

/** The shapes, and their size together. */
export interface Drawing extends Shapes {
  readonly width: number;
  readonly height: number;
}

export const moved = ({ boxes, edges }: Shapes, dx: number, dy: number): Shapes => ({
  boxes: boxes.map((box) => ({ ...box, x: box.x + dx, y: box.y + dy })),
  edges: edges.map((edge) => ({ ...edge, points: edge.points.map(([x, y]) => [x + dx, y + dy] as const) })),
});
