import { expect, test } from 'vitest';
import { boxRing, spread, thin, type Point } from './ring';

const px = ([x, y]: Point) => ({ x, y });

test('a rectangle has its corners in order', () => {
  expect(boxRing([1, 2], [3, 5])).toEqual([[1, 2], [3, 2], [3, 5], [1, 5]]);
});

test('a shape is spread over a box, whatever kind it is', () => {
  expect(spread({ type: 'Point', coordinates: [1, 2] })).toEqual([1, 2, 1, 2]);
  expect(spread({ type: 'MultiPolygon', coordinates: [[[[0, 0], [2, 0], [2, 1], [0, 0]]], [[[5, -1], [6, 0], [5, 4], [5, -1]]]] })).toEqual([0, -1, 6, 4]);
});

test('what lies on the line is left out, corners stay', () => {
  const drawn: Point[] = [[0, 0], [5, 0.5], [10, 0], [10, 5], [10.5, 7], [10, 10]];
  expect(thin(drawn, 1, px)).toEqual([[0, 0], [10, 0], [10, 10]]);
  expect(thin(drawn, 0.1, px)).toEqual(drawn);
});

test('two points stay two, and a ring that comes back to its start keeps its far side', () => {
  expect(thin([[0, 0], [1, 1]], 9, px)).toHaveLength(2);
  expect(thin([[0, 0], [50, 0], [50, 50], [0, 1]], 2, px)).toEqual([[0, 0], [50, 0], [50, 50], [0, 1]]);
});

test('a line of many thousand points is thinned at once', () => {
  const many: Point[] = Array.from({ length: 50_000 }, (_, i) => [i / 10, Math.sin(i / 3000) * 500]);
  expect(thin(many, 2, px).length).toBeLessThan(200);
});
