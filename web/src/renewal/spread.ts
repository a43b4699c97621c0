// How plans fare over scenarios, as a picture: where values lie along one scale for all.
import type { Fared } from '../api/types.gen';
import { rounds } from './curve';

export interface Spread {
  x: (value: number) => number;
  ticks: number[];
}

/** A scale for a strip w wide with a margin on both sides, from the worst to the best of all plans. */
export function spreadOf(plans: readonly Fared[], w: number, margin: number): Spread {
  const low = Math.min(...plans.map((p) => Math.min(p.worst, p.planned)));
  const high = Math.max(...plans.map((p) => Math.max(p.top, p.p90, p.planned)));
  const [from, to] = low < high ? [low, high] : [low - 1, low + 1];
  return {
    x: (value) => margin + ((w - 2 * margin) * (value - from)) / (to - from),
    ticks: rounds(from, to, Math.max(3, Math.min(6, Math.floor(w / 75)))),
  };
}

/** Dots of a cloud keep off the line they belong to, in a fixed pattern that hides none behind the other. */
export const offset = (i: number) => (((i * 7) % 11) - 5) / 5;

/** What the best of the plans is worth in one of the scenarios kept, and which it is. */
export function bestIn(plans: readonly Fared[], scenario: number): { plan: number; value: number } | null {
  let best: { plan: number; value: number } | null = null;
  for (const [plan, p] of plans.entries()) {
    const value = p.sample[scenario];
    if (value !== undefined && (best === null || value > best.value)) best = { plan, value };
  }
  return best;
}
