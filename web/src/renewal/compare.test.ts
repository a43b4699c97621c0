import { expect, test } from 'vitest';
import type { PlanInfo } from '../api/types.gen';
import { compareParcels, compareRows } from './compare';

const plan = (value: number, blocks: [string[], number, number][], cap: number | null, seconds = 30): PlanInfo => {
  const years = [2027, 2028];
  const list = blocks.map(([parcels, year, cost], i) => ({ id: `${year}-${i}`, year, parcels, cost, area_m2: 100 * parcels.length, demolished_m2: 10, workers: 3 }));
  const amount = (used: number) => ({ used, cap });
  return {
    value, gap: 0.1, years, blocks: list, placements: [], run: { seconds }, moves: [], firms: 1,
    by_year: years.map((year) => {
      const cost = list.filter((b) => b.year === year).reduce((s, b) => s + b.cost, 0);
      return { year, cost: amount(cost), demolished_m2: amount(0), workers: amount(0) };
    }),
  } as unknown as PlanInfo;
};
const a = plan(50, [[['p', 'q'], 2027, 7], [['r'], 2028, 2]], 8);
const b = plan(40, [[['q', 'r'], 2027, 6], [['s'], 2027, 1]], null);

test('parcels of one, the other, both, and of both in other years', () => {
  expect(compareParcels(a, b)).toEqual({ a: ['p'], b: ['s'], both: ['q'], year: ['r'] });
  expect(compareParcels(a, a)).toEqual({ a: [], b: [], both: ['p', 'q', 'r'], year: [] });
});

test('numbers of both, and each year beside its cap', () => {
  const rows = compareRows(a, b);
  const row = (word: string, year?: number) => rows.find((r) => r.word === word && r.year === year)!;
  expect([row('web.plan.worth').a, row('web.plan.worth').b]).toEqual([50, 40]);
  expect([row('web.sum.parcels').a, row('web.sum.land').b]).toEqual([3, 300]);
  expect(row('web.block.cost')).toMatchObject({ a: 9, b: 7 });
  expect(row('web.compare.firms').a, 'a firm with two parcels is one').toBe(1);
  expect(row('web.block.cost', 2027)).toMatchObject({ a: 7, b: 7, cap: [8, null] });
  expect(row('web.block.cost', 2028)).toMatchObject({ a: 2, b: 0 });
});

test('how long each was searched, when not alike', () => {
  const longer = plan(50, [], null, 120);
  const searched = (...two: [PlanInfo, PlanInfo]) => compareRows(...two).filter((r) => r.word === 'web.compare.searched');
  expect(searched(longer, a)).toMatchObject([{ unit: 'seconds', a: 120, b: 30 }]);
  expect(searched(a, b)).toEqual([]);
});

test('the other way round every row turns round', () => {
  const back = compareRows(b, a);
  expect(compareRows(a, b).map((r) => [r.b, r.a])).toEqual(back.map((r) => [r.a, r.b]));
});
