// Ways to handle a parcel's buildings one by one, when a plan is changed by hand.
import type { BuildingHere, Handled, MixInfo } from '../api/types.gen';
import { sameHandled, type Sketch } from '../state/sketch';

export const handlings = ['keep', 'refit', 'raise', 'clear'] as const;
type Ground = Pick<Sketch[number], 'mode' | 'treated'>;

/** Mixes that a block may take its parcels in. */
export const admitted = (mixes: readonly MixInfo[], mode: string) => mixes.filter((m) => m.modes.includes(mode));

/** What becomes of the buildings that mixes name: what the block says, else they are torn down with all of the parcel. */
export function now(mixes: readonly MixInfo[], parcel: string, block: Ground): Handled[] {
  const said = (block.treated ?? []).find((t) => t.parcel === parcel)?.buildings ?? [];
  return (mixes[0]?.buildings ?? []).map(({ id }) => ({ id, what: said.find((b) => b.id === id)?.what ?? 'clear' }));
}

/** What a block is to say after one building is handled otherwise: nothing when all are torn down, which takes the parcel whole, unless one may not be. */
export function after(list: readonly Handled[], id: string, what: string, buildings: readonly BuildingHere[]): Handled[] {
  const next = list.map((b) => (b.id === id ? { id, what } : b));
  return next.every((b) => b.what === 'clear') && !buildings.some((b) => b.protected) ? [] : next;
}

/** The mix that differs in fewest buildings from what is drawn; null when what is drawn is known, as a mix or as the whole parcel. */
export function nearest(mixes: readonly MixInfo[], list: readonly Handled[], whole: boolean): MixInfo | null {
  if (whole || mixes.some((m) => sameHandled(m.buildings, list))) return null;
  const apart = (m: MixInfo) => m.buildings.filter((b) => list.find((x) => x.id === b.id)?.what !== b.what).length;
  return [...mixes].sort((a, b) => apart(a) - apart(b))[0] ?? null;
}
