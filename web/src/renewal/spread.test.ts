import { expect, test } from 'vitest';
import type { Fared } from '../api/types.gen';
import { bestIn, offset, spreadOf } from './spread';

const fared = (worst: number, top: number, sample: number[]): Fared => ({ plan: 1, planned: (worst + top) / 2, mean: 0, p10: worst, p50: 0, p90: top, worst, top, max_regret: 0, mean_regret: 0, best: 0, overspent: 0, lost: 0, sample });

test('all plans lie on one scale, with the worst and the best at its ends', () => {
  const s = spreadOf([fared(-50, 100, []), fared(0, 350, [])], 420, 10);
  expect([s.x(-50), s.x(350), s.x(150)]).toEqual([10, 410, 210]);
  expect(s.ticks).toContain(0);
  expect(s.ticks.every((v) => v >= -50 && v <= 350)).toBe(true);
});

test('plans that are worth the same in every scenario have a scale too', () => {
  const s = spreadOf([fared(7, 7, [])], 100, 0);
  expect(s.x(7)).toBe(50);
  expect(s.ticks.length).toBeGreaterThan(0);
});

test('the best of a scenario is the best of the values kept', () => {
  const plans = [fared(0, 9, [5, 2]), fared(0, 9, [4, 8])];
  expect(bestIn(plans, 0)).toEqual({ plan: 0, value: 5 });
  expect(bestIn(plans, 1)).toEqual({ plan: 1, value: 8 });
  expect(bestIn(plans, 2)).toBeNull();
});

test('neighbours of the cloud lie apart', () => {
  for (let i = 0; i < 60; i++) {
    expect(Math.abs(offset(i))).toBeLessThanOrEqual(1);
    expect(offset(i)).not.toBe(offset(i + 1));
  }
});
