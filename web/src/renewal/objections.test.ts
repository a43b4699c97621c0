import { beforeAll, expect, test } from 'vitest';
import type { Objection } from '../api/types.gen';
import { words } from '../words/words.svelte';
import { byRule, grouped, objectionWords } from './objections';

beforeAll(() => words.speak('en'));
const r = { lang: 'en', currency: 'CNY' } as const;
const o = (rule: string, more: Partial<Objection> = {}): Objection => ({ rule, block: '', object: '', got: 0, want: 0, ...more });
const say = (one: Objection) => objectionWords(one, r, (id) => ({ T1: 'Xixi', p1: 'Bolts Ltd' })[id] ?? id);

test('objections read as sentences with units', () => {
  expect(say(o('not_connected', { block: '2027-02', got: 2, want: 1 }))).toBe('Block 2027-02 is in 2 pieces that do not touch');
  expect(say(o('row', { object: 'money:2029', got: 1.1e9, want: 1e9 }))).toBe('money 2029: CNY 1.1 bn, allowed are CNY 1 bn');
  expect(say(o('row', { object: 'town:T1', got: 1000, want: 20_000 }))).toContain('Xixi');
  expect(say(o('project_misfit', { block: '2027-02', object: 'p1' }))).toBe('Bolts Ltd does not fit block 2027-02');
  expect(say(o('locked_year', { object: 'a', got: 2027, want: 2029 }))).toBe('a is locked to 2029 and starts in 2027');
  expect(say(o('new_rule', { block: 'b', object: 'x' })), 'a rule nobody has words for is still told').toContain('new_rule');
});

test('many firms without a place are told as one, few by name', () => {
  const firm = (n: number) => o('firm_without_place', { object: `F${n} L${n}`, got: 100, want: 0 });
  const three = [firm(1), firm(2), firm(3)];
  expect(grouped(three)).toEqual(three);
  const many = grouped([o('too_small', { block: 'b' }), ...Array.from({ length: 62 }, (_, i) => firm(i))]);
  expect(many).toHaveLength(2);
  expect(say(many[1]!)).toBe('62 displaced firms (6,200 m²) have no place to go in time');
});

test('objections are told rule by rule', () => {
  const some = [o('lot_unknown', { object: 'a' }), o('too_large', { block: '2027-01' }), o('lot_unknown', { object: 'b' })];
  expect(byRule(some).map((g) => `${g.rule} ${g.some.length}`)).toEqual(['lot_unknown 2', 'too_large 1']);
});
