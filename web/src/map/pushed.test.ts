import { expect, test } from 'vitest';
import { pushed } from './pushed';

test.each([
  ['lies free of the limit', 100, 200, 150, 500, 0],
  ['ends behind it', 450, 560, 480, 500, 60],
  ['lies behind it altogether', 600, 700, 650, 500, 200],
  ['is too long: as far as its beginning allows', 130, 900, 200, 500, 100],
  ['is too long, and was clicked behind it', 130, 900, 720, 500, 220],
  ['begins before the map', -300, 900, 200, 500, 0],
])('what %s', (_, from, to, at, limit, by) => {
  expect(pushed(from, to, at, limit)).toBe(by);
});
