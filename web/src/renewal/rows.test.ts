import { beforeAll, expect, test } from 'vitest';
import { words } from '../words/words.svelte';
import { rowAmount, rowParts, rowWords } from './rows';

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
  expect(rowAmount('money:2027', 961e6, r)).toBe('CNY 961 m');
  expect(rowAmount('relocation:2027', 1083, r)).toBe('1,083 workers');
  expect(rowAmount('power:T1:2027', 97_000, r)).toBe('97 MW');
  expect(rowAmount('decant:2027', 242_724, r)).toBe('242,724 m²');
});
