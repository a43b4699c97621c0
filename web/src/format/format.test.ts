import { beforeAll, describe, expect, test } from 'vitest';
import { words } from '../words/words.svelte';
import figures from './figures.json';
import { apart, area, areaFull, day, digits, floor, money, share, withUnit, written, type Reader } from './format';

const en: Reader = { lang: 'en', currency: 'CNY' };
const zh: Reader = { lang: 'zh', currency: 'CNY' };

describe.each(['zh', 'en'] as const)('figures in %s are those of the reports', (lang) => {
  beforeAll(() => words.speak(lang));
  test.each(figures.filter((f) => f.lang === lang))('$value in $currency', (f) => {
    const r: Reader = { lang, currency: f.currency };
    expect({ money: money(f.value, r), area: areaFull(f.value, r), floor: floor(f.value, r), share: share(f.value) }).toEqual({
      money: f.money, area: f.area, floor: f.floor, share: f.share,
    });
  });
});

test.each([
  ['方案 2与方案 1对比', '方案 2 与方案 1 对比'],
  ['一半拆除与B 版对比', '一半拆除与 B 版对比'],
  ['Plan 2 beside Plan 1', 'Plan 2 beside Plan 1'],
])('Latin stands apart from Chinese: %s', (words, want) => expect(apart(words)).toBe(want));

describe('in Chinese', () => {
  beforeAll(() => words.speak('zh'));
  test('land in mu, rates in whole yuan, days in words', () => {
    expect(area(100_000, zh)).toBe('150 亩');
    expect(area(100_000, { ...zh, currency: 'USD' })).toBe('10 公顷');
    expect(withUnit(23_000, 'money/mu/year', zh)).toContain('23,000');
    expect(withUnit(4_290_000, 'money/year', zh)).toBe('每年 429 万元');
    expect(withUnit(true, '', zh)).toBe('是');
    expect(day('2004-05-18', 'zh')).toBe('2004年5月18日');
  });
});

describe('in English', () => {
  beforeAll(() => words.speak('en'));
  test('units of fields and rules', () => {
    expect(withUnit(1998, 'year', en)).toBe('1998');
    expect(withUnit(0.125, 'share', en)).toBe('12.5 %');
    expect(withUnit('2004-05-18', '', en)).toBe('18 May 2004');
    expect(withUnit(23_000, 'money/mu/year', en)).toBe('CNY 23,000 per mu a year');
    expect(withUnit(4_290_000, 'money/year', en)).toBe('CNY 4.29 mn a year');
    expect(withUnit(3, 'parsec', en)).toBe('3 parsec');
  });
  test('digits keep what matters', () => {
    expect([0, 1234.5, 1.2345, 0.000041, -0.5, NaN].map((v) => digits(v))).toEqual(['0', '1,235', '1.23', '0.000041', '-0.5', '–']);
  });
});

test('an amount of an option is written for its reader', () => {
  expect(written('10亿', 'zh', true)).toBe('10亿');
  expect(written('1e9', 'zh', true)).toBe('10亿');
  expect(written('124583712', 'zh', true)).toBe('1.24583712亿');
  expect(written('10亿', 'en', true)).toBe('1 bn');
  expect(written('1.1亿,3500 万', 'en', true)).toBe('110 mn,35 mn');
  expect(written('110 mn,35 m', 'zh', true)).toBe('1.1亿,3500万');
  expect(written('1.1亿,3500 万', 'zh', true)).toBe('1.1亿,3500万');
  expect(written('0,1 bn', 'zh', true)).toBe('0,10亿');
  expect(written('6%', 'en', true)).toBe('6%');
  expect(written('none', 'en', true)).toBe('none');
  expect(written('1e10/years', 'en', true)).toBe('10 bn/years');
  expect(written('1e10 total', 'zh', true)).toBe('100亿 total');
  expect(written('30万', 'en', false)).toBe('300000');
  expect(written('30万', 'zh', false)).toBe('30万');
  expect(written('300000', 'en', false)).toBe('300000');
  expect(written('2027-2031', 'en', false)).toBe('2027-2031');
});
