import { expect, test } from 'vitest';
import type { CheckInfo, PlanHead } from '../api/types.gen';
import { checkOf, dayHere } from './checked';

const said = (plan: number, state: CheckInfo['state']) => ({ plan, state, checks: 9, first: { zh: '', en: '' }, at: '2026-11-30T08:00:00Z', version: '1' }) as CheckInfo;
const plan = { id: 3, check: said(3, 'failed') } as PlanHead;

test('what the checker is at now goes before what was kept with the plan', () => {
  expect(checkOf(plan, said(3, 'running')).state).toBe('running');
  expect(checkOf(plan, null).state).toBe('failed');
});

test('what is said of another plan, or nothing, is not told of this one', () => {
  expect(checkOf(plan, said(4, 'passed')).state).toBe('failed');
  expect(checkOf(plan, said(3, 'none')).state).toBe('failed');
});

test('the day of a check is that of the clock of who reads', () => {
  expect(dayHere(new Date(2026, 10, 30, 23, 59).toISOString())).toBe('2026-11-30');
  expect(dayHere(new Date(2026, 0, 1, 0, 1).toISOString())).toBe('2026-01-01');
  expect(dayHere('')).toBe('');
});
