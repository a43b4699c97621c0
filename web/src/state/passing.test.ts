import { describe, expect, test } from 'vitest';
import { wentOn } from './passing.svelte';

describe('a planner goes on', () => {
  const map = [1, null, null, null, null, 0];
  const parcel = [1, null, 'parcel 12', null, null, 0];

  test('to a parcel, to the next one, to another plan, to a room', () => {
    expect(wentOn(map, parcel)).toBe(true);
    expect(wentOn(parcel, [1, null, 'parcel 13', null, null, 0])).toBe(true);
    expect(wentOn(map, [2, null, null, null, null, 0])).toBe(true);
    expect(wentOn(map, [1, 'data', null, null, null, 0])).toBe(true);
  });

  test('by dropping the selection', () => {
    expect(wentOn([1, null, null, null, null, 7], map)).toBe(true);
  });

  test('but not by closing what was open, nor by staying', () => {
    expect(wentOn(parcel, map)).toBe(false);
    expect(wentOn(parcel, [...parcel])).toBe(false);
  });
});
