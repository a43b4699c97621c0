import { expect, test } from 'vitest';
import type { BuildingHere, Handled, MixInfo } from '../api/types.gen';
import { handle, type Sketch } from '../state/sketch';
import { admitted, after, nearest, now } from './handled';

/** Reads "a=keep b=clear". */
const handled = (text: string): Handled[] => text.split(' ').filter(Boolean).map((w) => ({ id: w.split('=')[0]!, what: w.split('=')[1]! }));
const write = (list: readonly Handled[]) => list.map((b) => `${b.id}=${b.what}`).join(' ');
const mixes: MixInfo[] = [
  { buildings: handled('a=keep b=clear'), modes: ['clear'] },
  { buildings: handled('a=raise b=refit'), modes: ['clear', 'vertical'] },
];
const buildings = (protectedOne = false) => ['a', 'b'].map((id) => ({ id, protected: protectedOne && id === 'a' }) as BuildingHere);

test('a parcel is taken whole until a building of it is handled otherwise, and again when none is', () => {
  const block = { mode: 'clear', treated: [] };
  expect(write(now(mixes, 'P', block))).toBe('a=clear b=clear');
  const one = after(now(mixes, 'P', block), 'a', 'keep', buildings());
  expect(write(one)).toBe('a=keep b=clear');
  expect(after(one, 'a', 'clear', buildings())).toEqual([]);
  expect(write(after(one, 'a', 'clear', buildings(true))), 'one that may not be torn down must be told so').toBe('a=clear b=clear');
});

test('of what a plan does not know, the nearest that it knows is offered', () => {
  expect(nearest(mixes, handled('b=clear a=keep'), false), 'known').toBeNull();
  expect(nearest(mixes, handled('a=clear b=clear'), true), 'whole').toBeNull();
  expect(write(nearest(mixes, handled('a=raise b=keep'), false)!.buildings)).toBe('a=raise b=refit');
  expect(write(nearest(mixes, handled('a=clear b=clear'), false)!.buildings)).toBe('a=keep b=clear');
  expect(admitted(mixes, 'vertical').length).toBe(1);
  expect(nearest([], handled('a=keep'), false)).toBeNull();
});

test('buildings of a parcel in a block are handled, and the block says so in order', () => {
  const sketch: Sketch = [{ id: '2027-01', parcels: ['P', 'Q'], kept: [], year: 2027, mode: 'clear', pinned: [], treated: [{ parcel: 'Q', buildings: handled('q=keep') }] }];
  const next = handle(sketch, '2027-01', 'P', handled('a=keep b=clear'));
  expect(next[0]!.treated!.map((t) => `${t.parcel}: ${write(t.buildings)}`)).toEqual(['P: a=keep b=clear', 'Q: q=keep']);
  expect(handle(next, '2027-01', 'P', handled('b=clear a=keep')), 'nothing changes').toBe(next);
  expect(handle(next, '2027-01', 'P', [])[0]!.treated!.map((t) => t.parcel)).toEqual(['Q']);
  expect(handle(next, '2027-01', 'elsewhere', handled('x=keep'))).toBe(next);
});
