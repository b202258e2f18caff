import type { Box } from "../../../kernel-helpers/images/box.js";

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The part of a polygon that lies within a box (Sutherland and Hodgman, Reentrant polygon clipping, 1974); empty when
 * none does.
 */
export function clipPolygon(corners: readonly Point[], { x, y, width, height }: Box): Point[] {
  const edges: readonly ((point: Point) => number)[] = [
    (point) => point.x - x,
    (point) => x + width - point.x,
    (point) => point.y - y,
    (point) => y + height - point.y,
  ];
  return edges.reduce<Point[]>((points, inside) => clipAtEdge(points, inside), [...corners]);
}

/** @param inside how far within the edge a point lies; negative beyond it */
function clipAtEdge(points: readonly Point[], inside: (point: Point) => number): Point[] {
  return points.flatMap((point, i) => {
    const before = points.at(i - 1)!;
    const [from, to] = [inside(before), inside(point)];
    const crossing = from < 0 !== to < 0 ? [between(before, point, from / (from - to))] : [];
    return to >= 0 ? [...crossing, point] : crossing;
  });
}

function between(a: Point, b: Point, share: number): Point {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}
