// Two plans, number by number. Amounts carry their unit so that one table shows all.
import type { BlockInfo, PlanInfo } from '../api/types.gen';

export type Unit = 'money' | 'area' | 'floor' | 'count' | 'share' | 'seconds';

export interface Row {
  word: string; // key of its name in locale/
  year?: number;
  unit: Unit;
  a: number;
  b: number;
  cap?: [number | null, number | null]; // the limits of a and of b
}

/** A difference with its sign as say writes its amount; empty when it reads as nothing. */
export function signed(d: number, say: (v: number) => string): string {
  const text = say(Math.abs(d));
  if (text === say(0)) return '';
  return (d > 0 ? '+' : '−') + text;
}

const sum = <T>(list: readonly T[], get: (one: T) => number) => list.reduce((s, one) => s + get(one), 0);

const whole: [string, Unit, (p: PlanInfo) => number][] = [
  ['web.plan.worth', 'money', (p) => p.value],
  ['web.compare.gap', 'share', (p) => p.gap],
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

/**
 * The plans as wholes, then what each year uses of each cap; how long each was searched for
 * only where that differs, the gap only where both keep the rules: of others it says nothing.
 */
export function compareRows(a: PlanInfo, b: PlanInfo): Row[] {
  const rows: Row[] = whole.map(([word, unit, get]) => ({ word, unit, a: get(a), b: get(b) })).filter((row) => row.word !== 'web.compare.gap' || [a, b].every((p) => p.status !== 'draft')).filter((row) => row.unit !== 'seconds' || Math.round(Math.abs(row.a - row.b)) > 0);
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

/** A block that the plans do not have alike. */
export interface Differing {
  a?: BlockInfo;
  b?: BlockInfo;
  more: string[]; // parcels that a's block has and b's has not
  fewer: string[];
  treated: string[]; // in both, their buildings handled otherwise
  box: number[]; // in degrees, around both; empty when nobody knows
}

/** The blocks that differ, by year and name. Two are the same block when most of either's parcels are the other's too. */
export function compareBlocks(a: PlanInfo, b: PlanInfo): Differing[] {
  const inB = new Map(b.blocks.flatMap((block) => block.parcels.map((id) => [id, block] as const)));
  const pairs: { a: BlockInfo; b: BlockInfo; n: number }[] = [];
  for (const one of a.blocks) {
    const shared = new Map<BlockInfo, number>();
    for (const id of one.parcels) {
      const other = inB.get(id);
      if (other) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    for (const [other, n] of shared) if (2 * n > one.parcels.length || 2 * n > other.parcels.length) pairs.push({ a: one, b: other, n });
  }
  pairs.sort((x, y) => y.n - x.n || (x.a.id < y.a.id ? -1 : x.a.id > y.a.id ? 1 : x.b.id < y.b.id ? -1 : 1));
  const twin = new Map<BlockInfo, BlockInfo>();
  for (const p of pairs) {
    if (twin.has(p.a) || twin.has(p.b)) continue;
    twin.set(p.a, p.b);
    twin.set(p.b, p.a);
  }
  const all = [...a.blocks.map((block) => differing(block, twin.get(block))), ...b.blocks.filter((block) => !twin.has(block)).map((block) => differing(undefined, block))];
  const at = (d: Differing) => (d.a ?? d.b)!;
  return all.filter(differs).sort((x, y) => at(x).year - at(y).year || (at(x).id < at(y).id ? -1 : 1));
}

const without = (list: readonly string[], other: readonly string[] = []) => {
  const gone = new Set(other);
  return list.filter((id) => !gone.has(id));
};
const handled = (block: BlockInfo, parcel: string) =>
  (block.treated.find((t) => t.parcel === parcel)?.buildings ?? []).map((h) => `${h.id} ${h.what}`).sort().join();

/** The box in degrees around others; empty ones do not count. */
export function boxOf(boxes: (number[] | undefined)[]): number[] {
  const known = boxes.filter((box): box is number[] => box?.length === 4);
  const edge = (i: number, of: (...all: number[]) => number) => of(...known.map((box) => box[i]!));
  return known.length ? [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)] : [];
}

function differing(a?: BlockInfo, b?: BlockInfo): Differing {
  const both = a && b ? a.parcels.filter((id) => b.parcels.includes(id)) : [];
  return {
    a, b,
    more: a && b ? without(a.parcels, b.parcels) : [],
    fewer: a && b ? without(b.parcels, a.parcels) : [],
    treated: a && b ? both.filter((id) => handled(a, id) !== handled(b, id)) : [],
    box: boxOf([a?.box, b?.box]),
  };
}

const differs = (d: Differing) => !d.a || !d.b || d.a.year !== d.b.year || d.a.mode !== d.b.mode || d.more.length + d.fewer.length + d.treated.length > 0;

/** Locks of one plan that another held without being asked: names of its blocks that hold what was locked in, and how many were locked out. */
export interface Held {
  n: number;
  blocks: string[];
  out: number;
}

/** What b held already of the locks a was made under, when it held all of them and was not made under the same; null otherwise. */
export function heldAlready(a: PlanInfo, b: PlanInfo): Held | null {
  const told = (p: PlanInfo) => p.locks.map((l) => `${l.parcel} ${l.kind} ${l.year}`).sort().join();
  if (a.locks.length === 0 || told(a) === told(b)) return null;
  const inB = new Map(b.blocks.flatMap((block) => block.parcels.map((id) => [id, block] as const)));
  const blocks = new Set<string>();
  let out = 0;
  for (const l of a.locks) {
    const block = inB.get(l.parcel);
    if (l.kind === 'out' ? block : !block || (l.year && l.year !== block.year)) return null;
    if (l.kind === 'out') out++;
    else blocks.add(block!.id);
  }
  return { n: a.locks.length, blocks: [...blocks].sort(), out };
}
