// A plan drawn by hand, as a value: every function returns the next list of blocks.
import type { DraftBlock, Handled, PlanInfo } from '../api/types.gen';

export type Sketch = readonly DraftBlock[];

export const sketchOf = (plan: PlanInfo): Sketch =>
  plan.blocks.map((b) => ({ id: b.id, parcels: b.parcels, kept: b.kept, year: b.year, mode: b.mode, pinned: b.pinned, treated: b.treated }));

/** The next free name of a block in a year, 2028-04; names once used stay with their block. */
export function freeId(sketch: Sketch, year: number): string {
  const used = sketch.map((b) => b.id).filter((id) => id.startsWith(`${year}-`)).map((id) => Number(id.slice(5)) || 0);
  return `${year}-${String(Math.max(0, ...used) + 1).padStart(2, '0')}`;
}

/** What becomes of the buildings of these parcels, in whatever block they are. */
const treatedOf = (sketch: Sketch, parcels: readonly string[]) => sketch.flatMap((b) => b.treated ?? []).filter((t) => parcels.includes(t.parcel));
const settled = (sketch: Sketch): Sketch =>
  sketch.filter((b) => b.parcels.length > 0).map((b) => (b.treated?.some((t) => !b.parcels.includes(t.parcel)) ? { ...b, treated: treatedOf([b], b.parcels) } : b));
const change = (sketch: Sketch, id: string, next: (b: DraftBlock) => Partial<DraftBlock>): Sketch => sketch.map((b) => (b.id === id ? { ...b, ...next(b) } : b));

/** Takes parcels out of whatever blocks they are in; a block with none left is gone. */
export function takeOut(sketch: Sketch, parcels: readonly string[]): Sketch {
  const gone = new Set(parcels);
  const rest = (list: readonly string[]) => (list.some((id) => gone.has(id)) ? list.filter((id) => !gone.has(id)) : (list as string[]));
  return settled(sketch.map((b) => ({ ...b, parcels: rest(b.parcels), kept: rest(b.kept) })));
}

/** Makes one block of parcels, in a year; they leave the blocks they were in. */
export function makeBlock(sketch: Sketch, parcels: readonly string[], year: number, mode: string): Sketch {
  if (parcels.length === 0) return sketch;
  const block: DraftBlock = { id: freeId(sketch, year), parcels: [...new Set(parcels)].sort(), kept: [], year, mode, pinned: [], treated: treatedOf(sketch, parcels) };
  return [...takeOut(sketch, parcels), block];
}

/** Adds parcels to a block; they leave the blocks they were in. */
export function addTo(sketch: Sketch, id: string, parcels: readonly string[]): Sketch {
  const block = sketch.find((b) => b.id === id);
  if (!block) return sketch;
  const whole = [...new Set([...block.parcels, ...parcels])].sort();
  return settled(sketch.map((b) => (b.id === id ? { ...b, parcels: whole, kept: b.kept.filter((p) => !whole.includes(p)), treated: treatedOf(sketch, whole) } : takeOut([b], whole)[0] ?? { ...b, parcels: [] })));
}

/** Leaves parcels standing inside a block, not cleared; they leave the blocks they were in. */
export function keep(sketch: Sketch, id: string, parcels: readonly string[]): Sketch {
  const block = sketch.find((b) => b.id === id);
  const some = parcels.filter((p) => !block?.kept.includes(p));
  if (!block || some.length === 0 || block.parcels.every((p) => some.includes(p))) return sketch;
  return takeOut(sketch, some).map((b) => (b.id === id ? { ...b, kept: [...new Set([...b.kept, ...some])].sort() } : b));
}

/** Parcels are no longer kept inside a block: they are outside of all. */
export const release = (sketch: Sketch, parcels: readonly string[]): Sketch =>
  sketch.some((b) => b.kept.some((p) => parcels.includes(p))) ? sketch.map((b) => (b.kept.some((p) => parcels.includes(p)) ? { ...b, kept: b.kept.filter((p) => !parcels.includes(p)) } : b)) : sketch;

/** Joins blocks into the first of them, which keeps its year, way and name. */
export function join(sketch: Sketch, ids: readonly string[]): Sketch {
  const some = sketch.filter((b) => ids.includes(b.id));
  const [first] = some;
  if (!first || some.length < 2) return sketch;
  const all = { ...first, parcels: some.flatMap((b) => b.parcels).sort(), kept: some.flatMap((b) => b.kept).sort(), pinned: some.flatMap((b) => b.pinned), treated: some.flatMap((b) => b.treated ?? []) };
  return sketch.filter((b) => b.id === first.id || !ids.includes(b.id)).map((b) => (b.id === first.id ? all : b));
}

/** Takes some parcels of a block into a block of their own, of the same year and way. */
export function split(sketch: Sketch, id: string, parcels: readonly string[]): Sketch {
  const block = sketch.find((b) => b.id === id);
  const part = parcels.filter((p) => block?.parcels.includes(p));
  if (!block || part.length === 0 || part.length === block.parcels.length) return sketch;
  const at = sketch.indexOf(block);
  const rest = { ...block, parcels: block.parcels.filter((p) => !part.includes(p)) };
  return settled([...sketch.slice(0, at), rest, { ...block, id: freeId(sketch, block.year), parcels: part, kept: [], pinned: [] }, ...sketch.slice(at + 1)]);
}

/** Moves a block to another year. Its name begins with the year, so it gets a new one. */
export function moveTo(sketch: Sketch, id: string, year: number): Sketch {
  const block = sketch.find((b) => b.id === id);
  return !block || block.year === year ? sketch : change(sketch, id, () => ({ year, id: freeId(sketch, year) }));
}

export const treat = (sketch: Sketch, id: string, mode: string): Sketch => (sketch.some((b) => b.id === id && b.mode !== mode) ? change(sketch, id, () => ({ mode })) : sketch);

/** Says what becomes of a parcel's buildings, each by itself; of none: the parcel is taken whole. */
export function handle(sketch: Sketch, id: string, parcel: string, buildings: readonly Handled[]): Sketch {
  const block = sketch.find((b) => b.id === id && b.parcels.includes(parcel));
  const was = (block?.treated ?? []).find((t) => t.parcel === parcel)?.buildings ?? [];
  if (!block || sameHandled(was, buildings)) return sketch;
  const rest = (block.treated ?? []).filter((t) => t.parcel !== parcel);
  const next = buildings.length > 0 ? [...rest, { parcel, buildings: [...buildings] }].sort((a, b) => (a.parcel < b.parcel ? -1 : 1)) : rest;
  return change(sketch, id, () => ({ treated: next }));
}

/** Whether buildings are handled alike, in whatever order they are listed. */
export const sameHandled = (a: readonly Handled[], b: readonly Handled[]) => a.length === b.length && a.every((x) => b.some((y) => y.id === x.id && y.what === x.what));

/** Pins a project to a block, and to no other. */
export const pin = (sketch: Sketch, id: string, project: string): Sketch =>
  sketch.map((b) => {
    const others = b.pinned.filter((p) => p !== project);
    return b.id === id ? { ...b, pinned: [...others, project] } : others.length < b.pinned.length ? { ...b, pinned: others } : b;
  });

export const unpin = (sketch: Sketch, project: string): Sketch => sketch.map((b) => (b.pinned.includes(project) ? { ...b, pinned: b.pinned.filter((p) => p !== project) } : b));

const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);
const sameTreated = (a: DraftBlock, b: DraftBlock) => JSON.stringify(a.treated ?? []) === JSON.stringify(b.treated ?? []);
export const sameBlock = (a: DraftBlock, b: DraftBlock) => a === b || (a.id === b.id && a.year === b.year && a.mode === b.mode && sameList(a.parcels, b.parcels) && sameList(a.kept, b.kept) && sameList(a.pinned, b.pinned) && sameTreated(a, b));
export const sameSketch = (a: Sketch, b: Sketch) => a === b || (a.length === b.length && a.every((x, i) => sameBlock(x, b[i]!)));

/** The block that has most of these parcels. */
export function heir<B extends { parcels: string[] }>(blocks: readonly B[], parcels: readonly string[]): B | undefined {
  const some = new Set(parcels);
  const shared = (b: B) => b.parcels.filter((id) => some.has(id)).length;
  return blocks.filter((b) => shared(b) > 0).sort((a, b) => shared(b) - shared(a))[0];
}
