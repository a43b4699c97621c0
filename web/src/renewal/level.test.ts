import { expect, test } from 'vitest';
import { noPlan } from './level';

test('a level without a plan says why', () => {
  const at = (found: boolean, plan: number, level: number, status: string) => noPlan({ found, plan, level, status });
  expect(at(true, 7, 1000, 'interrupted')).toBe('');
  expect(at(false, 0, 1000, 'infeasible')).toBe('rules');
  expect(at(false, 0, 1000, 'interrupted')).toBe('time');
  expect(at(true, 0, 0, 'optimal')).toBe('level');
  expect(at(true, 0, 1000, 'optimal')).toBe('pays');
  expect(at(true, 0, 1000, 'interrupted')).toBe('better');
});
