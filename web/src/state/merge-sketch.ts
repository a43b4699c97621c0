// Two people's drawings of one plan, brought together.
import type { DraftBlock } from '../api/types.gen';
import { freeId, sameBlock, type Sketch } from './sketch';

/** Blocks of a plan that two people changed since both knew it, differently. */
export interface SketchClash {
  key: string; // the blocks as they were, or are
  mine: Sketch;
  theirs: Sketch;
}

/**
 * Brings what I changed since base into what somebody else made of the plan meanwhile.
 * Blocks that share land or a pinned project, in any of the three, stand or fall together:
 * where one of us changed them that counts; where both did, mine if they are chosen.
 */
export function mergeSketch(base: Sketch, mine: Sketch, theirs: Sketch, chosen: (key: string) => boolean = () => true): { sketch: Sketch; clashes: SketchClash[] } {
  const part = parts([...base, ...mine, ...theirs]);
  const [before, after, beside] = [grouped(base, part), grouped(mine, part), grouped(theirs, part)];
  const clashes: SketchClash[] = [];
  const ofMine = new Set<string>();
  for (const p of new Set([...base, ...mine, ...theirs].map(part))) {
    const [was, my, their] = [before.get(p) ?? [], after.get(p) ?? [], beside.get(p) ?? []];
    if (sameBlocks(was, my) || sameBlocks(my, their)) continue;
    if (sameBlocks(was, their)) {
      ofMine.add(p);
      continue;
    }
    const key = [was, their, my].find((some) => some.length > 0)!.map((b) => b.id).join(' ');
    clashes.push({ key, mine: my, theirs: their });
    if (chosen(key)) ofMine.add(p);
  }
  const rest = theirs.filter((b) => !ofMine.has(part(b)));
  const out: DraftBlock[] = [...rest];
  for (const b of mine.filter((one) => ofMine.has(part(one)))) out.push(rest.some((r) => r.id === b.id) ? { ...b, id: freeId([...out, ...mine], b.year) } : b);
  return { sketch: out, clashes };
}

function grouped(sketch: Sketch, part: (b: DraftBlock) => string): Map<string, DraftBlock[]> {
  const out = new Map<string, DraftBlock[]>();
  for (const b of sketch) out.set(part(b), [...(out.get(part(b)) ?? []), b]);
  return out;
}

/** Names the part of a block: blocks that share land or a pinned project are of one part. */
function parts(blocks: Sketch): (b: DraftBlock) => string {
  const up = new Map<string, string>();
  const root = (x: string): string => {
    let at = x;
    while ((up.get(at) ?? at) !== at) at = up.get(at)!;
    up.set(x, at);
    return at;
  };
  const held = (b: DraftBlock) => [...b.parcels, ...b.kept, ...b.pinned.map((p) => `project ${p}`)];
  for (const b of blocks) {
    const [first, ...others] = held(b);
    for (const one of others) up.set(root(one), root(first!));
  }
  return (b) => root(held(b)[0] ?? '');
}

/** Whether two lists say the same of the same land, whatever blocks are called. */
const sameBlocks = (a: Sketch, b: Sketch) => a.length === b.length && a.every((x) => b.some((y) => sameBlock({ ...x, id: y.id }, y)));
