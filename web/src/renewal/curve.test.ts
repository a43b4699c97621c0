import { expect, test } from 'vitest';
import type { FrontierPoint } from '../api/types.gen';
import { lineThrough, rounds, scaleOf } from './curve';

const point = (level: number, value: number, bound: number, found = true) => ({ level, value, bound, found }) as FrontierPoint;
const m = { left: 10, right: 10, top: 5, bottom: 15 };

test('the largest level and bound reach the edges, zero the corner', () => {
  const s = scaleOf([point(0, 0, 0), point(50, 80, 100)], 120, 120, m);
  expect([s.x(0), s.x(50), s.y(0), s.y(100)]).toEqual([10, 110, 105, 5]);
});
test('a level without a plan counts by its bound alone, and a loss lies below zero', () => {
  expect(scaleOf([point(0, 0, 0), point(10, 999, 50, false)], 120, 120, m).y(50)).toBe(5);
  expect(scaleOf([point(0, -50, 50)], 120, 120, m).y(-50)).toBe(105);
});
test('round numbers', () => {
  expect(rounds(0, 100, 4)).toEqual([0, 50, 100]);
  expect(rounds(0, 7.9e9, 4)).toEqual([0, 2e9, 4e9, 6e9]);
});
test('a line through points', () => expect(lineThrough([[0, 1], [2, 3]])).toBe('M0.0 1.0L2.0 3.0'));
