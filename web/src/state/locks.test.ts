import { describe, expect, test } from 'vitest';
import { byBlock, gathered, lock, lockedPlaces, merge, same, tally, unlock, type LockSet } from './locks';
import { record, redo, start, undo } from './history';

const set = (text: string): LockSet => text.split(' ').filter(Boolean).map((w) => {
  const [parcel, kind, year] = w.split(':');
  return { parcel: parcel!, kind: kind as 'in' | 'out', year: Number(year ?? 0), note: '' };
});
const write = (locks: LockSet) => locks.map((l) => [l.parcel, l.kind, ...(l.year ? [l.year] : [])].join(':')).join(' ');

describe('locks', () => {
  test('in, out and away', () => {
    expect(write(lock(set('b:in'), ['c', 'a'], 'out'))).toBe('a:out b:in c:out');
    expect(write(lock(set('b:in'), ['b'], 'in', 2028))).toBe('b:in:2028');
    expect(write(lock(set('b:in:2028'), ['b'], 'out', 2028))).toBe('b:out');
    expect(write(unlock(set('a:in b:out'), ['a', 'z']))).toBe('b:out');
  });
  test('a note stays with its parcel', () => {
    const noted: LockSet = [{ parcel: 'a', kind: 'in', year: 0, note: 'mayor' }];
    expect(lock(noted, ['a'], 'out')[0]!.note).toBe('mayor');
  });
  test('the set before is untouched', () => {
    const before = set('a:in');
    lock(before, ['b'], 'in');
    unlock(before, ['a']);
    expect(write(before)).toBe('a:in');
  });
  test('sameness knows no order', () => {
    expect(same(set('a:in b:out'), set('b:out a:in'))).toBe(true);
    expect(same(set('a:in'), set('a:in:2028'))).toBe(false);
  });
});

describe('two people locking at once', () => {
  test.each([
    // base, mine, theirs → merged, clashes
    ['', 'a:in', 'b:out', 'a:in b:out', ''],
    ['a:in', '', 'a:in b:out', 'b:out', ''],
    ['a:in', 'a:in c:in', '', 'c:in', ''],
    ['a:in', 'a:out', 'a:in:2029', 'a:out', 'a'],
    ['a:in', '', 'a:out', '', 'a'],
    ['a:in', 'a:out', 'a:out', 'a:out', ''],
  ])('%s: mine %s, theirs %s', (base, mine, theirs, want, clashes) => {
    const got = merge(set(base), set(mine), set(theirs));
    expect(write(got.locks)).toBe(want);
    expect(got.clashes.map((c) => c.parcel).join(' ')).toBe(clashes);
  });
  test('of what both changed, each is chosen by itself', () => {
    const [base, mine, theirs] = [set('a:in b:in'), set('a:out c:in'), set('a:in:2029 b:out d:in')];
    const got = (...yes: string[]) => write(merge(base, mine, theirs, (p) => yes.includes(p)).locks);
    expect(got()).toBe('a:in:2029 b:out c:in d:in');
    expect(got('a')).toBe('a:out b:out c:in d:in');
    expect(got('a', 'b')).toBe('a:out c:in d:in');
    expect(merge(base, mine, theirs).clashes.map((c) => [c.parcel, c.mine?.kind, c.theirs?.kind])).toEqual([['a', 'out', 'in'], ['b', undefined, 'out']]);
  });
  test('clashes of a block that say the same are one choice', () => {
    const { clashes } = merge(set(''), set('a:in b:in c:in x:in y:in'), set('a:out b:out c:in:2028 x:out y:out'));
    expect(gathered(clashes, (p) => (p < 'm' ? '2027-01' : '')).map((g) => `${g.block}> ${g.some.map((c) => c.parcel).join()}`)).toEqual(['2027-01> a,b', '2027-01> c', '> x', '> y']);
  });
  test('who changed nothing takes what is there', () => {
    expect(write(merge(set('a:in b:in'), set('a:in b:in'), set('c:out')).locks)).toBe('c:out');
  });
});

describe('by block', () => {
  const blocks = [{ id: '2027-01', parcels: ['c', 'd'], kept: ['k'] }, { id: '2028-01', parcels: ['b'], kept: [] }, { id: '2029-01', parcels: ['z'], kept: [] }];
  test('in the order of the plan, those in no block last', () => {
    expect(byBlock(set('a:out b:in c:in k:out'), blocks).map((g) => `${g.block}> ${write(g.locks)}`)).toEqual(['2027-01> c:in k:out', '2028-01> b:in', '> a:out']);
  });
  test('counted by the places they lie in', () => {
    const blocks = [{ id: '2027-01', parcels: ['b', 'c'], kept: ['k'] }];
    expect(['', 'b:in', 'b:in c:in k:out', 'b:in z:in', 'y:in z:out'].map((text) => lockedPlaces(set(text), blocks))).toEqual([0, 1, 1, 2, 2]);
  });
  test('told as how many say the same', () => {
    expect(tally(set('a:in:2028 b:out c:in:2028 d:in'))).toEqual([{ kind: 'in', year: 2028, n: 2 }, { kind: 'out', year: 0, n: 1 }, { kind: 'in', year: 0, n: 1 }]);
  });
});

describe('undo', () => {
  test('goes back and forth, and a new step forgets what was undone', () => {
    let h = record(record(start('a'), 'b'), 'c');
    h = undo(undo(h));
    expect(h.now).toBe('a');
    expect(undo(h).now).toBe('a');
    h = redo(h);
    expect(h.now).toBe('b');
    h = record(h, 'd');
    expect(redo(h).now).toBe('d');
    expect(undo(h).now).toBe('b');
  });
  test('remembers a hundred steps', () => {
    let h = start(0);
    for (let i = 1; i <= 500; i++) h = record(h, i);
    for (let i = 0; i < 500; i++) h = undo(h);
    expect(h.now).toBe(400);
  });
});
