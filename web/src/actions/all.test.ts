import { expect, test } from 'vitest';
import { all } from './all';

test('no two actions share a key or a name', () => {
  for (const of of [all.flatMap((a) => a.keys ?? []), all.map((a) => a.name)]) {
    expect(of.filter((x, i) => of.indexOf(x) !== i)).toEqual([]);
  }
});
