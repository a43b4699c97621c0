import { beforeAll, expect, test } from 'vitest';
import { words } from '../words/words.svelte';
import { byKind, clashWords, rowAmount, rowParts, rowsWords, rowWords, tied, together } from './rows';

beforeAll(() => words.speak('en'));
const name = (id: string) => ({ T1: 'Xixi' })[id] ?? id;
const r = { lang: 'en', currency: 'CNY' } as const;

test('rows take their names apart', () => {
  expect(rowParts('money:2027')).toEqual({ kind: 'money', town: '', until: false, year: 2027 });
  expect(rowParts('money:<=2029')).toEqual({ kind: 'money', town: '', until: true, year: 2029 });
  expect(rowParts('power:T1:2028')).toEqual({ kind: 'power', town: 'T1', until: false, year: 2028 });
  expect(rowParts('town:T1')).toEqual({ kind: 'town', town: 'T1', until: false, year: 0 });
});

test('and read as sentences with units', () => {
  expect(rowWords('money:2027', name)).toBe('money 2027');
  expect(rowWords('money:<=2029', name)).toBe('money up to 2029');
  expect(rowWords('power:T1:2028', name)).toBe('power in Xixi 2028');
  expect(rowWords('town:T1', name)).toContain('Xixi');
  expect(rowAmount('money:2027', 961e6, r)).toBe('CNY 961 mn');
  expect(rowAmount('relocation:2027', 1083, r)).toBe('1,083 workers');
  expect(rowAmount('power:T1:2027', 97_000, r)).toBe('97 MW');
  expect(rowAmount('owner:Li:a', 1, r)).toBe('1 parcel');
  expect(rowWords('locks', name)).toBe('land in the block that has to be in');
  expect([tied('owner:Li:a'), tied('locks'), tied('money:2027')]).toEqual([true, true, false]);
  expect(rowAmount('decant:2027', 242_724, r)).toBe('242,724 m²');
});

test('limits of one kind are named once with their years', () => {
  expect(byKind(['money:2028', 'demolition:2027', 'money:2027'])).toEqual([['money:2027', 'money:2028'], ['demolition:2027']]);
  expect(rowsWords(['money:2027', 'money:2028'], name)).toBe('money 2027, 2028');
  expect(rowsWords(['money:2027', 'money:2028'], name, 2), 'of all years').toBe('money');
  expect(rowsWords(['money:2027', 'money:2028'], name, 3)).toBe('money 2027, 2028');
  expect(rowsWords(['money:2027', 'demolition:2028'], name)).toBe('money 2027, demolition 2028');
  expect(rowsWords(['floor:T1:idle:D'], name)).toBe(rowWords('floor:T1:idle:D', name));
});

test('reasons that differ by the year alone are one sentence', () => {
  const c = (row: string, needed: number) => ({ row, exact: true, limit: 0, needed, parcels: ['a'] });
  const groups = together([c('money:2027', 125e6), c('money:2028', 125e6), c('money:2029', 90e6), c('locks', 0)]);
  expect(groups.map((g) => g.map((one) => one.row))).toEqual([['money:2027', 'money:2028'], ['money:2029'], ['locks']]);
  const [same] = groups;
  expect(clashWords(same![0], ['a'], name, r, same!.map((one) => one.row))).toBe('The limits on money 2027, 2028 are too low for clearing a (locked): each is CNY 0; raising one of them to CNY 125 mn is the least that would do.');
});

test('an owner whose land is not split is named', () => {
  const owner = { row: 'owner:Li: textiles:', exact: false, limit: 0, needed: 0 };
  expect(rowWords(owner.row, name)).toBe('land of Li: textiles not split');
  expect(clashWords(owner, ['a'], name, r)).toBe('The rule “land of Li: textiles not split” drags land in, or keeps it out, that clearing a (locked) cannot do with: without this rule (--whole-owners) there is a plan.');
});
