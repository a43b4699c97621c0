import { describe, expect, test } from 'vitest';
import { readLink, writeLink, type Link } from './hash';

describe('a link', () => {
  test('comes back as it was written', () => {
    const link: Link = { map: { zoom: 14.25, lat: 29.3, lon: 120.07 }, lang: 'zh', plan: 3, year: 2028, colour: 'plan', parcel: '宗地 7/甲&b=1', open: 'compare', vs: 2, selected: ['a,b', '宗地 8'] };
    expect(readLink(writeLink(link))).toEqual(link);
  });
  test('of an empty screen is empty', () => {
    expect(readLink(writeLink({}))).toEqual({});
    expect(readLink('')).toEqual({});
  });
  test.each([
    ['#map=x/1/2', {}],
    ['#map=14/29', {}],
    ['#map=14/99/120', {}],
    ['#year=20x8&plan=-1', {}],
    ['#lang=fr&by=mood', {}],
    ['#open=sesame&vs=x&sel=', {}],
    ['#year=2028&lang=en', { year: 2028, lang: 'en' }],
  ])('%s keeps what makes sense', (hash, want) => expect(readLink(hash)).toEqual(want));
});
