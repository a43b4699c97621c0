import { describe, expect, test } from 'vitest';
import { mergeSketch } from './merge-sketch';
import { heir, addTo, join, keep, makeBlock, moveTo, pin, release, sameSketch, split, takeOut, treat, unpin, type Sketch } from './sketch';

/** Reads "2027-01:a,b+k/P 2028-01:c": blocks, their parcels, those kept inside, projects pinned. */
const sketch = (text: string): Sketch =>
  text.split(' ').filter(Boolean).map((w) => {
    const [head, pinned = ''] = w.split('/');
    const [id, land = ''] = head!.split(':');
    const [parcels = '', kept = ''] = land.split('+');
    return { id: id!, parcels: parcels.split(',').filter(Boolean), kept: kept.split(',').filter(Boolean), year: Number(id!.slice(0, 4)), mode: 'clear', pinned: pinned.split(',').filter(Boolean) };
  });
const write = (s: Sketch) => s.map((b) => `${b.id}:${b.parcels.join()}${b.kept.length ? '+' + b.kept.join() : ''}${b.pinned.length ? '/' + b.pinned.join() : ''}`).join(' ');
const plan = sketch('2027-01:a,b,c/P 2027-02:d,e 2028-01:f');

describe('a plan by hand', () => {
  test.each([
    ['a block of parcels leaves the blocks they were in', makeBlock(plan, ['g', 'c'], 2028, 'clear'), '2027-01:a,b/P 2027-02:d,e 2028-01:f 2028-02:c,g'],
    ['a block that lost all its parcels is gone', makeBlock(plan, ['f'], 2027, 'clear'), '2027-01:a,b,c/P 2027-02:d,e 2027-03:f'],
    ['nothing makes no block', makeBlock(plan, [], 2027, 'clear'), write(plan)],
    ['out of the plan', takeOut(plan, ['d', 'e', 'a']), '2027-01:b,c/P 2028-01:f'],
    ['added to a block', addTo(plan, '2027-02', ['a', 'x']), '2027-01:b,c/P 2027-02:a,d,e,x 2028-01:f'],
    ['joined into the first', join(plan, ['2028-01', '2027-01']), '2027-01:a,b,c,f/P 2027-02:d,e'],
    ['one alone joins with nothing', join(plan, ['2027-01', 'none']), write(plan)],
    ['split off', split(plan, '2027-01', ['b', 'd']), '2027-01:a,c/P 2027-03:b 2027-02:d,e 2028-01:f'],
    ['all of a block is no part of it', split(plan, '2027-02', ['d', 'e']), write(plan)],
    ['moved to another year, with a name of that year', moveTo(plan, '2027-01', 2028), '2028-02:a,b,c/P 2027-02:d,e 2028-01:f'],
    ['moved to its own year', moveTo(plan, '2027-01', 2027), write(plan)],
    ['pinned to one block only', pin(plan, '2028-01', 'P'), '2027-01:a,b,c 2027-02:d,e 2028-01:f/P'],
    ['kept inside a block', keep(plan, '2027-02', ['x']), '2027-01:a,b,c/P 2027-02:d,e+x 2028-01:f'],
    ['kept inside one block, out of the other', keep(plan, '2027-02', ['c', 'f']), '2027-01:a,b/P 2027-02:d,e+c,f'],
    ['a block of nothing cleared is none', keep(plan, '2027-02', ['d', 'e']), write(plan)],
    ['kept no longer', release(keep(plan, '2027-02', ['x', 'y']), ['x']), '2027-01:a,b,c/P 2027-02:d,e+y 2028-01:f'],
    ['what was not kept stays', release(plan, ['a']), write(plan)],
    ['cleared with the block after all', addTo(keep(plan, '2027-02', ['x']), '2027-02', ['x']), '2027-01:a,b,c/P 2027-02:d,e,x 2028-01:f'],
    ['unpinned', unpin(plan, 'P'), '2027-01:a,b,c 2027-02:d,e 2028-01:f'],
  ])('%s', (_, got, want) => expect(write(got)).toBe(want));

  test('what becomes of buildings goes with their parcel', () => {
    const mixed = (parcel: string) => ({ parcel, buildings: [{ id: `${parcel}-1`, what: 'keep' as const }] });
    const some: Sketch = plan.map((b, n) => (n === 0 ? { ...b, treated: [mixed('a'), mixed('b')] } : b));
    const of = (s: Sketch) => s.map((b) => `${b.id}:${(b.treated ?? []).map((t) => t.parcel).join()}`).join(' ');
    expect(of(takeOut(some, ['a']))).toBe('2027-01:b 2027-02: 2028-01:');
    expect(of(split(some, '2027-01', ['b']))).toBe('2027-01:a 2027-03:b 2027-02: 2028-01:');
    expect(of(addTo(some, '2027-02', ['b']))).toBe('2027-01:a 2027-02:b 2028-01:');
    expect(of(makeBlock(some, ['a', 'x'], 2028, 'clear'))).toBe('2027-01:b 2027-02: 2028-01: 2028-02:a');
    expect(of(keep(some, '2027-01', ['a']))).toBe('2027-01:b 2027-02: 2028-01:');
    expect(sameSketch(some, plan)).toBe(false);
  });

  test('another way of treating it', () => {
    expect(treat(plan, '2028-01', 'vertical')[2]!.mode).toBe('vertical');
    expect(treat(plan, '2028-01', 'clear')).toBe(plan);
  });
  test('the plan before is untouched, and no parcel is ever in two blocks', () => {
    const before = write(plan);
    let s = plan;
    for (const [i, step] of [(x: Sketch) => makeBlock(x, ['a', 'f'], 2029, 'clear'), (x: Sketch) => addTo(x, '2027-02', ['a']), (x: Sketch) => split(x, '2027-02', ['a']), (x: Sketch) => join(x, ['2027-02', '2029-01'])].entries()) {
      s = step(s);
      const all = s.flatMap((b) => b.parcels);
      expect(new Set(all).size, `step ${i}: ${write(s)}`).toBe(all.length);
    }
    expect(write(plan)).toBe(before);
  });
  test('sameness', () => {
    expect(sameSketch(plan, sketch(write(plan)))).toBe(true);
    expect(sameSketch(plan, pin(plan, '2028-01', 'Q'))).toBe(false);
  });
});

test('the block that has most of some parcels', () => {
  expect(heir(plan, ['c', 'd', 'e'])?.id).toBe('2027-02');
  expect(heir(moveTo(plan, '2028-01', 2030), ['f'])?.id).toBe('2030-01');
  expect(heir(plan, ['x'])).toBeUndefined();
});

describe('two people at one plan', () => {
  test.each([
    // what mine did, what theirs did → both, clashes
    ['other blocks', moveTo(plan, '2027-02', 2029), takeOut(plan, ['f']), '2027-01:a,b,c/P 2029-01:d,e', ''],
    ['the same thing', takeOut(plan, ['f']), takeOut(plan, ['f']), '2027-01:a,b,c/P 2027-02:d,e', ''],
    ['the same block, differently', moveTo(plan, '2028-01', 2029), moveTo(plan, '2028-01', 2030), '2027-01:a,b,c/P 2027-02:d,e 2029-01:f', '2028-01'],
    ['kept here, cleared there', keep(plan, '2027-02', ['x']), makeBlock(plan, ['x'], 2027, 'clear'), '2027-01:a,b,c/P 2028-01:f 2027-02:d,e+x', '2027-02'],
    ['nothing of mine', plan, makeBlock(plan, ['x'], 2027, 'clear'), '2027-01:a,b,c/P 2027-02:d,e 2028-01:f 2027-03:x', ''],
    ['new blocks of one name', makeBlock(plan, ['x'], 2029, 'clear'), makeBlock(plan, ['y'], 2029, 'clear'), '2027-01:a,b,c/P 2027-02:d,e 2028-01:f 2029-01:y 2029-02:x', ''],
  ])('%s', (_, mine, theirs, want, clashes) => {
    const got = mergeSketch(plan, mine, theirs);
    expect(write(got.sketch)).toBe(want);
    expect(got.clashes.map((c) => c.key).join()).toBe(clashes);
  });

  test('of what both changed, each is chosen by itself', () => {
    const mine = moveTo(moveTo(plan, '2028-01', 2029), '2027-02', 2028);
    const theirs = moveTo(takeOut(plan, ['f']), '2027-02', 2029);
    const got = (...yes: string[]) => write(mergeSketch(plan, mine, theirs, (key) => yes.includes(key)).sketch);
    expect(mergeSketch(plan, mine, theirs).clashes.map((c) => `${c.key}: ${write(c.mine)} | ${write(c.theirs)}`)).toEqual(['2027-02: 2028-01:d,e | 2029-01:d,e', '2028-01: 2029-01:f | ']);
    expect(got()).toBe('2027-01:a,b,c/P 2029-01:d,e');
    expect(got('2028-01')).toBe('2027-01:a,b,c/P 2029-01:d,e 2029-02:f');
    expect(got('2027-02', '2028-01')).toBe('2027-01:a,b,c/P 2028-01:d,e 2029-01:f');
  });
  test('a lot that I gave from one block to another belongs to the choice over either', () => {
    const mine = addTo(plan, '2027-02', ['a']);
    const theirs = moveTo(plan, '2027-01', 2030);
    const got = mergeSketch(plan, mine, theirs, () => false);
    expect(got.clashes.map((c) => c.key)).toEqual(['2027-01 2027-02']);
    expect(write(got.sketch)).toBe(write(theirs));
  });
  test('a project pinned here by me and there by them is a clash', () => {
    const got = mergeSketch(plan, pin(plan, '2027-02', 'Q'), pin(plan, '2028-01', 'Q'), () => false);
    expect(got.clashes.length).toBe(1);
    expect(write(got.sketch)).toBe(write(pin(plan, '2028-01', 'Q')));
  });
});
