import { beforeAll, describe, expect, test } from 'vitest';
import type { PlanInfo } from '../api/types.gen';
import { points } from '../format/format';
import { words } from '../words/words.svelte';
import { compareBlocks, compareParcels, compareRows, heldAlready, signed } from './compare';

const plan = (value: number, blocks: [string[], number, number][], cap: number | null, seconds = 30): PlanInfo => {
  const years = [2027, 2028];
  const list = blocks.map(([parcels, year, cost], i) => ({ id: `${year}-${i}`, year, parcels, cost, area_m2: 100 * parcels.length, demolished_m2: 10, workers: 3 }));
  const amount = (used: number) => ({ used, cap });
  return {
    value, gap: 0.1, years, blocks: list, placements: [], locks: [], run: { seconds }, moves: [], firms: 1,
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

test('blocks that are in one plan, moved, of other land, or treated otherwise', () => {
  const block = (id: string, year: number, parcels: string[], more: object = {}) => ({ id, year, parcels, mode: 'clear', treated: [], box: [parcels.length, 0, 9, 1], ...more });
  const of = (...blocks: object[]) => ({ ...a, blocks }) as unknown as PlanInfo;
  const handled = (parcel: string, what: string) => ({ treated: [{ parcel, buildings: [{ id: '1', what }] }] });
  const one = of(block('2027-01', 2027, ['p', 'q', 'r']), block('2027-02', 2027, ['s']), block('2028-01', 2028, ['t', 'u']), block('2028-02', 2028, ['v', 'w'], handled('v', 'keep')), block('2028-03', 2028, ['x']));
  const two = of(block('2027-01', 2027, ['s'], { box: [] }), block('2028-07', 2028, ['p', 'q', 'y']), block('2028-01', 2028, ['t', 'u'], { mode: 'vertical' }), block('2028-02', 2028, ['v', 'w'], handled('v', 'clear')), block('2028-09', 2028, ['z']));
  const got = compareBlocks(one, two);
  expect(got.map((d) => [d.a?.id, d.b?.id, d.more.join(), d.fewer.join(), d.treated.join()])).toEqual([
    ['2027-01', '2028-07', 'r', 'y', ''], ['2028-01', '2028-01', '', '', ''], ['2028-02', '2028-02', '', '', 'v'], ['2028-03', undefined, '', '', ''], [undefined, '2028-09', '', '', ''],
  ]);
  expect(got[0]!.box).toEqual([3, 0, 9, 1]);
  expect(compareBlocks(two, one).map((d) => [d.b?.id, d.a?.id]).sort()).toEqual(got.map((d) => [d.a?.id, d.b?.id]).sort());
  expect(compareBlocks(one, one)).toEqual([]);
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

describe.each([['en', '−1.4 percentage points'], ['zh', '−1.4 个百分点']] as const)('a difference in %s', (lang, said) => {
  beforeAll(() => words.speak(lang));
  test('has its sign, and points where shares are subtracted', () => {
    expect(signed(-0.014, points)).toBe(said);
    expect(signed(0.0001, points), 'what reads as nothing').toBe('');
    expect(signed(3, String)).toBe('+3');
  });
});

test('no gap is told of a plan that breaks rules', () => {
  const gaps = (other: PlanInfo) => compareRows(a, other).filter((row) => row.word === 'web.compare.gap').length;
  expect([gaps(b), gaps({ ...b, status: 'draft' })]).toEqual([1, 0]);
});

test('locks that the other plan held already change nothing', () => {
  const under = (...locks: [string, 'in' | 'out', number][]) => ({ ...a, locks: locks.map(([parcel, kind, year]) => ({ parcel, kind, year })) });
  expect(heldAlready(a, b), 'no locks').toBeNull();
  expect(heldAlready(under(['q', 'in', 0], ['s', 'in', 2027], ['p', 'out', 0]), b)).toEqual({ n: 3, blocks: ['2027-0', '2027-1'], out: 1 });
  expect(heldAlready(under(['q', 'in', 2028]), b), 'in another year').toBeNull();
  expect(heldAlready(under(['p', 'in', 0]), b), 'left out').toBeNull();
  expect(heldAlready(under(['s', 'out', 0]), b), 'cleared').toBeNull();
  const both = under(['q', 'in', 0]);
  expect(heldAlready(both, { ...b, locks: both.locks }), 'made under the same locks').toBeNull();
});
