import { expect, test } from 'vitest';
import type { PlanInfo, Summary } from '../api/types.gen';
import { colours } from '../state/hash';
import { entries, firstColour, insteadOf, useful } from './legend';
import { dark, gradeColours, yearColours } from './palette';

const label = { zh: '', en: '' };
const grading = {
  pack: 'p@1', title: label, as_of: '2026-01-01',
  grades: [{ key: 'A', label, parcels: 2, area_m2: 20 }, { key: 'D', label, parcels: 3, area_m2: 30 }, { key: '', label, parcels: 1, area_m2: 5 }],
  queues: [{ key: 'idle', label, parcels: 3, area_m2: 30 }], stages: [{ key: '', label, parcels: 6, area_m2: 55 }], candidates: { key: 'candidate', label, parcels: 3, area_m2: 30 },
};
const summary = { towns: [], area_m2: 55, grading } as Summary;
const capped = { used: 1, cap: null };
const plan = {
  years: [2027, 2028], blocks: [],
  by_year: [2027, 2028].map((year) => ({ year, blocks: 1, parcels: 1, area_m2: 10, cost: capped, demolished_m2: capped, workers: capped, firms: 0, projects: 0 })),
} as unknown as PlanInfo;

test('grades keep the order of the pack and the unknown comes last without a grade colour', () => {
  const list = entries('grade', summary, null);
  expect(list.map((e) => e.key)).toEqual(['A', 'D', '']);
  expect(new Set(list.map((e) => e.colour)).size).toBe(3);
});

test('candidates outside the plan are those the plan does not clear', () => {
  const rest = entries('plan', summary, plan).find((e) => e.key === 'candidate')!;
  expect([rest.parcels, rest.areaM2]).toEqual([1, 10]);
});

test('only colourings that say something are offered', () => {
  const gradeless = { ...summary, grading: { ...grading, grades: [grading.grades[2]!] } } as Summary;
  expect(useful(summary, plan)).toEqual(['plan', 'grade', 'queue', 'cluster']);
  expect(useful(gradeless, null)).toEqual(['queue', 'cluster']);
  expect(firstColour(gradeless, { ...plan, status: 'infeasible' })).toBe('queue');
  expect(firstColour(null, null)).toBe('grade');
});

test('a colouring that says nothing any more gives way', () => {
  const gradeless = { ...summary, grading: { ...grading, grades: [grading.grades[2]!] } } as Summary;
  expect(insteadOf('grade', gradeless, null)).toBe('queue');
  expect(insteadOf('grade', gradeless, plan)).toBe('plan');
  expect(insteadOf('plan', summary, null)).toBe('grade');
  expect(insteadOf('cluster', gradeless, plan)).toBe('cluster');
  expect(insteadOf('compare', gradeless, plan)).toBe('compare');
  expect(insteadOf('grade', null, null), 'not read yet').toBe('grade');
});

test('before grading, clustering and planning there is nothing to list', () => {
  for (const by of colours.filter((c) => c !== 'sure')) expect(entries(by, null, null)).toEqual([]); // a portfolio brings its own
});

test('years grow lighter, so that they stay apart in grey print', () => {
  for (const n of [1, 2, 5, 10]) {
    const colours = yearColours(n);
    expect(new Set(colours).size).toBe(n);
    const light = colours.map(luminance);
    expect(light).toEqual([...light].sort((a, b) => a - b));
  }
  expect(gradeColours(4)).toHaveLength(4);
  expect(dark(yearColours(5)[0]!)).toBe(true);
});

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
