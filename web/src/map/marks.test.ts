import { expect, test } from 'vitest';
import { marks } from './marks';

test('what is locked and selected is marked where it lies, what has no place is not', () => {
  const at = (id: string): [number, number] | null => ({ a: [1, 2], b: [3, 4] } as Record<string, [number, number]>)[id] ?? null;
  const got = marks(['a', 'lost'], [{ parcel: 'b', kind: 'out', year: 0, note: '' }], 'a', [{ parcel: 'b', share: 1 }], at);
  expect(got.features.map((f) => [f.properties.kind, f.geometry.coordinates])).toEqual([['sure-3', [3, 4]], ['out', [3, 4]], ['selected', [1, 2]], ['picked', [1, 2]]]);
});
