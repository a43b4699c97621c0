import { describe, expect, test } from 'vitest';
import { linkHolds, pack, readLink, unpack, writeLink, type Link } from './hash';

describe('a link', () => {
  test('comes back as it was written', () => {
    const link: Link = { map: { zoom: 14.25, lat: 29.3, lon: 120.07 }, lang: 'zh', plan: 3, year: 2028, colour: 'plan', parcel: '宗地 7/甲&b=1', open: 'compare', vs: 2, selected: ['a,b', '宗地 8'] };
    expect(readLink(writeLink(link))).toEqual(link);
  });
  test('keeps a selection of many lots, in little room', () => {
    const ids = Array.from({ length: 500 }, (_, i) => `33099900${1 + (i % 4)}112GB${String(i).padStart(5, '0')}`).sort();
    const hash = writeLink({ selected: ids });
    expect(readLink(hash)).toEqual({ selected: ids });
    expect(hash.length).toBeLessThan(5 * ids.length) // 20 letters each, plainly;
  });
  test('says how many were selected when they are too many for an address', () => {
    const ids = Array.from({ length: 9000 }, (_, i) => `${(i * 7919) % 9001}-${i}`);
    expect(linkHolds(ids)).toBe(false);
    expect(readLink(writeLink({ selected: ids }))).toEqual({ cut: 9000 });
  });
  test.each([[['a*b', '宗地%2A', 'a*', 'a', '']], [['x'.repeat(50) + '1', 'x'.repeat(50) + '2']]])('packs %j and finds them again', (ids) => {
    expect(unpack(pack(ids))).toEqual([...ids].sort());
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
