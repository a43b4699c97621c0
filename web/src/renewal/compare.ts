// Two plans, number by number. Amounts carry their unit so that one table shows all.
import type { PlanInfo } from '../api/types.gen';

export type Unit = 'money' | 'area' | 'floor' | 'count' | 'share' | 'seconds';

export interface Row {
  word: string; // key of its name in locale/
  year?: number;
  unit: Unit;
  a: number;
  b: number;
  cap?: [number | null, number | null]; // the limits of a and of b
}

const sum = <T>(list: readonly T[], get: (one: T) => number) => list.reduce((s, one) => s + get(one), 0);

const whole: [string, Unit, (p: PlanInfo) => number][] = [
  ['web.plan.worth', 'money', (p) => p.value],
  ['web.plan.gap_short', 'share', (p) => p.gap],
  ['web.compare.searched', 'seconds', (p) => p.run.seconds],
  ['web.blocks', 'count', (p) => p.blocks.length],
  ['web.sum.parcels', 'count', (p) => sum(p.blocks, (b) => b.parcels.length)],
  ['web.sum.land', 'area', (p) => sum(p.blocks, (b) => b.area_m2)],
  ['web.block.cost', 'money', (p) => sum(p.blocks, (b) => b.cost)],
  ['web.block.demolished', 'floor', (p) => sum(p.blocks, (b) => b.demolished_m2)],
  ['web.block.workers', 'count', (p) => sum(p.blocks, (b) => b.workers)],
  ['web.compare.firms', 'count', (p) => p.firms],
  ['web.compare.projects', 'count', (p) => p.placements.length],
];

const yearly: [string, Unit, 'cost' | 'demolished_m2' | 'workers'][] = [
  ['web.block.cost', 'money', 'cost'],
  ['web.block.demolished', 'floor', 'demolished_m2'],
  ['web.block.workers', 'count', 'workers'],
];

/** The plans as wholes, then what each year uses of each cap; how long each was searched for only where that differs. */
export function compareRows(a: PlanInfo, b: PlanInfo): Row[] {
  const rows: Row[] = whole.map(([word, unit, get]) => ({ word, unit, a: get(a), b: get(b) })).filter((row) => row.unit !== 'seconds' || Math.round(row.a) !== Math.round(row.b));
  const years = [...new Set([...a.years, ...b.years])].sort();
  for (const [word, unit, field] of yearly) {
    for (const year of years) {
      const [of, ofOther] = [a, b].map((p) => p.by_year.find((y) => y.year === year)?.[field]);
      rows.push({ word, year, unit, a: of?.used ?? 0, b: ofOther?.used ?? 0, cap: [of?.cap ?? null, ofOther?.cap ?? null] });
    }
  }
  return rows;
}

export interface Sides {
  a: string[]; // cleared by a alone
  b: string[];
  both: string[]; // in the same year
  year: string[]; // in other years
}

/** Which parcels each plan clears. */
export function compareParcels(a: PlanInfo, b: PlanInfo): Sides {
  const [inA, inB] = [a, b].map((p) => new Map(p.blocks.flatMap((block) => block.parcels.map((id) => [id, block.year] as const))));
  const out: Sides = { a: [], b: [], both: [], year: [] };
  for (const id of new Set([...inA!.keys(), ...inB!.keys()])) {
    const [ya, yb] = [inA!.get(id), inB!.get(id)];
    out[ya === undefined ? 'b' : yb === undefined ? 'a' : ya === yb ? 'both' : 'year'].push(id);
  }
  return out;
}
