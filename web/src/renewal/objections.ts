// What the checker objects to, in words.
import type { Objection } from '../api/types.gen';
import { area, count, floor, share, type Reader } from '../format/format';
import { t, words } from '../words/words.svelte';
import { rowAmount, rowWords } from './rows';

/** Objections with those that come in dozens, firms without a place, told as one. */
export function grouped(list: readonly Objection[]): Objection[] {
  const firms = list.filter((o) => o.rule === 'firm_without_place');
  if (firms.length < 4) return [...list];
  const all: Objection = { rule: 'firms_without_place', block: '', object: String(firms.length), got: firms.reduce((sum, o) => sum + o.got, 0), want: 0 };
  return [...list.filter((o) => o.rule !== 'firm_without_place'), all];
}

/** The objections by the rule they are about, in the order the rules come. */
export function byRule(list: readonly Objection[]): { rule: string; some: Objection[] }[] {
  const out: { rule: string; some: Objection[] }[] = [];
  for (const o of list) {
    const like = out.find((g) => g.rule === o.rule);
    if (like) like.some.push(o);
    else out.push({ rule: o.rule, some: [o] });
  }
  return out;
}

/** The sentence of an objection; names gives the names of towns, projects and firms by id. */
export function objectionWords(o: Objection, r: Reader, names: (id: string) => string): string {
  const block = o.block || names(o.object);
  if (o.rule === 'row') {
    const over = o.got > o.want ? 'web.broken.row' : 'web.broken.row_least';
    return t(over, { row: rowWords(o.object, names), used: rowAmount(o.object, o.got, r), limit: rowAmount(o.object, o.want, r) });
  }
  const key = `web.broken.${o.rule}`;
  return t(words.has(key) ? key : 'web.broken.other', { rule: o.rule, block, object: names(o.object), ...amounts(o, r) });
}

function amounts(o: Objection, r: Reader): Record<string, string | number> {
  switch (o.rule) {
    case 'too_small':
    case 'too_large':
    case 'kept_too_much':
    case 'overfull':
      return { got: area(o.got, r), want: area(o.want, r) };
    case 'not_compact':
      return { got: share(o.got / 1e6), want: share(o.want / 1e6) };
    case 'firm_without_place':
    case 'firms_without_place':
    case 'no_room':
      return { got: floor(o.got, r), want: floor(o.want, r) };
    case 'not_connected':
      return { got: count(o.got), want: count(o.want) };
  }
  return { got: o.got, want: o.want };
}
