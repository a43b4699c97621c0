// Where the points of a curve lie in a picture.
import type { FrontierPoint } from '../api/types.gen';

export interface Scale {
  x: (level: number) => number;
  y: (value: number) => number;
  ticks: number[]; // of value
}

/** A scale for a picture of w by h with a margin, from zero to the largest level and bound. */
export function scaleOf(points: readonly FrontierPoint[], w: number, h: number, margin: { left: number; right: number; top: number; bottom: number }): Scale {
  const levels = points.map((p) => p.level);
  const worth = points.flatMap((p) => (p.found ? [p.value, p.bound] : [p.bound])).filter(Number.isFinite);
  const [most, top, low] = [Math.max(1, ...levels), Math.max(1, ...worth), Math.min(0, ...worth)];
  return {
    x: (level) => margin.left + ((w - margin.left - margin.right) * level) / most,
    y: (value) => h - margin.bottom - ((h - margin.top - margin.bottom) * (value - low)) / (top - low),
    ticks: rounds(low, top, 4),
  };
}

/** Round numbers between two, about n of them. */
export function rounds(low: number, high: number, n: number): number[] {
  const raw = (high - low) / n;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
  const out: number[] = [];
  for (let v = Math.ceil(low / step) * step; v <= high + 1e-9; v += step) out.push(v);
  return out;
}

export const lineThrough = (list: readonly (readonly [number, number])[]) => (list.length === 0 ? '' : 'M' + list.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L'));
