// Sets of locks as values: every function returns a new set, sorted by parcel.
import type { LockInfo } from '../api/types.gen';

export type LockSet = readonly LockInfo[];

const byParcel = (locks: LockSet) => new Map(locks.map((l) => [l.parcel, l]));
const sorted = (m: Map<string, LockInfo>): LockSet => [...m.values()].sort((a, b) => (a.parcel < b.parcel ? -1 : a.parcel > b.parcel ? 1 : 0));

/** Locks parcels in (year 0: any year) or out; a note stays with its parcel. */
export function lock(locks: LockSet, parcels: readonly string[], kind: LockInfo['kind'], year = 0): LockSet {
  const all = byParcel(locks);
  for (const parcel of parcels) all.set(parcel, { parcel, kind, year: kind === 'in' ? year : 0, note: all.get(parcel)?.note ?? '' });
  return sorted(all);
}

/** Takes the locks of parcels away. */
export function unlock(locks: LockSet, parcels: readonly string[]): LockSet {
  const gone = new Set(parcels);
  return locks.filter((l) => !gone.has(l.parcel));
}

/**
 * The locks by the block they lie in, cleared or kept inside, in the order of the blocks;
 * those in none come last, under the name ''.
 */
export function byBlock(locks: LockSet, blocks: readonly { id: string; parcels: string[]; kept: string[] }[]): { block: string; locks: LockSet }[] {
  const home = new Map(blocks.flatMap((b) => [...b.parcels, ...b.kept].map((parcel) => [parcel, b.id] as const)));
  const groups = new Map<string, LockInfo[]>();
  for (const l of locks) {
    const block = home.get(l.parcel) ?? '';
    const there = groups.get(block);
    if (there) there.push(l);
    else groups.set(block, [l]);
  }
  return [...blocks.map((b) => b.id), ''].flatMap((block) => (groups.has(block) ? [{ block, locks: groups.get(block)! }] : []));
}

/** In how many blocks there are locks; a parcel that lies in none counts for itself. */
export const lockedPlaces = (locks: LockSet, blocks: Parameters<typeof byBlock>[1]): number => byBlock(locks, blocks).reduce((n, g) => n + (g.block ? 1 : g.locks.length), 0);

/** How many of the locks say the same, in the order they come: in, in a year, out. */
export function tally(locks: LockSet): { kind: LockInfo['kind']; year: number; n: number }[] {
  const out: { kind: LockInfo['kind']; year: number; n: number }[] = [];
  for (const l of locks) {
    const like = out.find((one) => one.kind === l.kind && one.year === l.year);
    if (like) like.n++;
    else out.push({ kind: l.kind, year: l.year, n: 1 });
  }
  return out;
}

const equal = (a: LockInfo | undefined, b: LockInfo | undefined) => a === b || (!!a && !!b && a.kind === b.kind && a.year === b.year && a.note === b.note);

export function same(a: LockSet, b: LockSet): boolean {
  const other = byParcel(b);
  return a.length === b.length && a.every((l) => equal(l, other.get(l.parcel)));
}

/** A lock that two people changed since both knew it, differently; undefined: taken away. */
export interface Clash {
  parcel: string;
  mine?: LockInfo;
  theirs?: LockInfo;
}

/**
 * Brings what I changed since base into what somebody else made of it meanwhile.
 * clashes: parcels both changed, differently; there mine counts where it is chosen.
 */
export function merge(base: LockSet, mine: LockSet, theirs: LockSet, chosen: (parcel: string) => boolean = () => true): { locks: LockSet; clashes: Clash[] } {
  const [was, my, their] = [byParcel(base), byParcel(mine), byParcel(theirs)];
  const out = new Map(their);
  const clashes: Clash[] = [];
  for (const parcel of new Set([...was.keys(), ...my.keys()])) {
    const mineNow = my.get(parcel);
    if (equal(was.get(parcel), mineNow)) continue;
    if (!equal(was.get(parcel), their.get(parcel)) && !equal(mineNow, their.get(parcel))) {
      clashes.push({ parcel, mine: mineNow, theirs: their.get(parcel) });
      if (!chosen(parcel)) continue;
    }
    if (mineNow) out.set(parcel, mineNow);
    else out.delete(parcel);
  }
  return { locks: sorted(out), clashes: clashes.sort((a, b) => (a.parcel < b.parcel ? -1 : 1)) };
}

/** Parcels whose lock is not the same in both. */
export function differing(a: LockSet, b: LockSet): Set<string> {
  const [one, other] = [byParcel(a), byParcel(b)];
  return new Set([...one.keys(), ...other.keys()].filter((id) => !equal(one.get(id), other.get(id))));
}

/** Clashes of one block that say the same, as one; those in no block each by itself. */
export function gathered(clashes: readonly Clash[], blockOf: (parcel: string) => string): { block: string; some: Clash[] }[] {
  const out: { block: string; some: Clash[] }[] = [];
  for (const c of clashes) {
    const block = blockOf(c.parcel);
    const like = block ? out.find((g) => g.block === block && alike(g.some[0]!, c)) : undefined;
    if (like) like.some.push(c);
    else out.push({ block, some: [c] });
  }
  return out;
}

const alike = (a: Clash, b: Clash) => says(a.mine) === says(b.mine) && says(a.theirs) === says(b.theirs);
/** What a lock says, to compare. */
export const says = (l: LockInfo | undefined) => (l ? `${l.kind} ${l.year} ${l.note}` : '');
