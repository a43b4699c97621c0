// Shapes drawn by hand, as lists of longitude and latitude.
export type Point = [lon: number, lat: number];

/** The corners of the rectangle between two opposite ones. */
export const boxRing = (a: Point, b: Point): Point[] => [a, [b[0], a[1]], b, [a[0], b[1]]];

/** The box of a shape: west, south, east, north. */
export function spread(shape: GeoJSON.Geometry): number[] {
  if (!('coordinates' in shape)) return [];
  const flat = (shape.coordinates as unknown[]).flat(3) as number[];
  const [lons, lats] = [flat.filter((_, i) => i % 2 === 0), flat.filter((_, i) => i % 2 === 1)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/**
 * Leaves out points that lie within some pixels of the line between the others (Douglas
 * and Peucker 1973): a slow hand draws thousands.
 */
export function thin(points: readonly Point[], withinPx: number, px: (p: Point) => { x: number; y: number }): Point[] {
  if (points.length < 3) return [...points];
  const at = points.map(px);
  const keep = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [from, to] = part;
    let [worst, dist] = [-1, withinPx];
    for (let i = from + 1; i < to; i++) {
      const d = offLine(at[i]!, at[from]!, at[to]!);
      if (d > dist) [worst, dist] = [i, d];
    }
    if (worst < 0) continue;
    keep.add(worst);
    open.push([from, worst], [worst, to]);
  }
  return points.filter((_, i) => keep.has(i));
}

interface Px {
  x: number;
  y: number;
}

/** How far p lies from the segment between a and b. */
function offLine(p: Px, a: Px, b: Px): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const long = dx * dx + dy * dy;
  const s = long === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / long));
  return Math.hypot(p.x - a.x - s * dx, p.y - a.y - s * dy);
}
