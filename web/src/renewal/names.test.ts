import { expect, test } from 'vitest';
import type { PlanHead } from '../api/types.gen';
import { inGroups } from './names';

test('plans of studies stand apart, each group in its order', () => {
  const plans = [5, 4, 3, 2, 1].map((id) => ({ id, study: id % 2 === 0 })) as PlanHead[];
  const g = inGroups(plans);
  expect(g.own.map((p) => p.id)).toEqual([5, 3, 1]);
  expect(g.studies.map((p) => p.id)).toEqual([4, 2]);
});
