// Limits of a plan are named "money:2027", "decant:2027", "power:T1:2027", "town:T1"; here they are
// put in words and their amounts in units, as plottage renewal does.
import type { Waiver } from '../api/types.gen';
import { area, count, digits, floor, money, type Reader } from '../format/format';
import { t } from '../words/words.svelte';

/** The parts of a row's name. */
export function rowParts(row: string): { kind: string; town: string; until: boolean; year: number } {
  const parts = row.split(':');
  const kind = parts[0] ?? '';
  const last = parts[parts.length - 1] ?? '';
  const year = Number(last.replace('<=', ''));
  return { kind, town: kind === 'power' || kind === 'town' ? (parts[1] ?? '') : '', until: last.startsWith('<='), year: Number.isInteger(year) ? year : 0 };
}

/** The limit in words; townName gives a town's name by its id. */
export function rowWords(row: string, townName: (id: string) => string): string {
  const p = rowParts(row);
  if (p.kind === 'floor') {
    const of = classWords(row.split(':').slice(1), townName);
    return of ? t('renewal.row.floor', { class: of }) : t('renewal.row.floor_any');
  }
  if (p.kind === 'owner') return t('renewal.row.owner', { owner: row.split(':').slice(1, -1).join(':') });
  const when = p.until ? t('renewal.row.up_to', { year: p.year }) : String(p.year || '');
  return t(`renewal.row.${p.kind}`, { town: townName(p.town), when });
}

/** Limits in words, those that differ by the year alone in one: "money 2027, 2028"; those of all so many years without them. */
export function rowsWords(rows: readonly string[], townName: (id: string) => string, years = 0): string {
  const [first, ...rest] = rows.map(rowParts);
  const alike = rest.length > 0 && rest.every((p) => p.year && p.kind === first!.kind && p.town === first!.town && !p.until) && !first!.until;
  const comma = t('renewal.comma');
  return alike ? t(`renewal.row.${first!.kind}`, { town: townName(first!.town), when: rows.length === years ? '' : [first!, ...rest].map((p) => p.year).join(comma) }).trim() : rows.map((row) => rowWords(row, townName)).join(comma);
}

/** Limits of one kind together, in the order of years. */
export function byKind(rows: readonly string[]): string[][] {
  const of = (row: string) => JSON.stringify({ ...rowParts(row), year: 0 });
  return gathered(rows, of).map((group) => group.sort((a, b) => rowParts(a).year - rowParts(b).year));
}

/** The members of a list that have the same key, by the first of them. */
function gathered<T>(list: readonly T[], key: (one: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of list) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return [...groups.values()];
}

/** Town, stage and grade in words, those that are stated. */
function classWords([town, stage, grade]: string[], townName: (id: string) => string): string {
  const words = [town && townName(town), stage && t(stage === 'idle' ? 'land.queue.idle' : `land.stage.${stage}`), grade && t('renewal.grade', { grade })];
  return words.filter(Boolean).join(' · ');
}

/** An amount of the limit's resource. */
export function rowAmount(row: string, v: number, r: Reader): string {
  switch (rowParts(row).kind) {
    case 'money':
    case 'fund':
      return money(v, r);
    case 'owner':
    case 'locks':
      return t('renewal.amount.parcels', { n: count(v) });
    case 'relocation':
      return t('renewal.amount.workers', { n: count(v) });
    case 'power':
      return t('renewal.amount.mw', { n: digits(v / 1000) });
    case 'town':
    case 'floor':
    case 'change':
      return area(v, r);
  }
  return floor(v, r);
}

/** Whether a charge stands for land that has to be in, or in together: nothing of it is used or left. */
export const tied = (row: string) => ['owner', 'locks'].includes(rowParts(row).kind);

/** The unit the solver counts the limit in, key web.unit.<…>. */
export function rowUnit(row: string): string {
  switch (rowParts(row).kind) {
    case 'money':
    case 'fund':
      return t('web.unit.money');
    case 'relocation':
      return t('web.unit.worker');
    case 'power':
      return t('web.unit.kw');
  }
  return t('web.unit.m2');
}

/** One reason why no plan keeps all rules. */
export interface Reason {
  row: string;
  exact: boolean;
  least?: boolean;
  joint?: boolean;
  limit: number;
  needed: number;
  signed?: readonly string[];
  floors?: readonly string[];
}

const listed = 8; // parcels named in a sentence

function some(ids: readonly string[]): string {
  const list = ids.slice(0, listed).join(t('renewal.comma'));
  return ids.length > listed ? t('renewal.clash.more', { list, n: ids.length - listed }) : list;
}

/** Reasons that say the same of different years stand together, by the first of them. */
export function together<R extends Reason>(reasons: readonly R[]): [R, ...R[]][] {
  return gathered(reasons, (c) => {
    const p = rowParts(c.row);
    return JSON.stringify({ ...c, row: p.year && !p.until ? [p.kind, p.town] : c.row });
  });
}

/** One reason why no plan keeps all rules, and the smallest change that helps; lots are the locked ones, rows the limits of which it is said. */
export function clashWords(c: Reason, lots: readonly string[], townName: (id: string) => string, r: Reader, rows: readonly string[] = [c.row]): string {
  const kind = rowParts(c.row).kind;
  const key = kind === 'owner' ? kind + (c.joint ? '_joint' : '') : c.row.includes(':') || c.row === 'change' ? (kind === 'town' || kind === 'floor' ? 'floor' : 'cap') + (c.least ? '_least' : c.joint ? '_joint' : (rows.length > 1 ? '_any' : '') + (c.exact ? '' : '_enough')) : c.row;
  const asked = [
    lots.length > 0 && t('renewal.clash.what.locks', { parcels: some(lots) }),
    !!c.signed?.length && t('renewal.clash.what.signed', { parcels: some(c.signed) }),
    ...(c.floors ?? []).map((row) => t('renewal.clash.what.row', { row: rowWords(row, townName) })),
  ].filter(Boolean);
  const what = asked.join(t('renewal.clash.and')) || t('renewal.clash.what.rules');
  return t(`renewal.clash.${key}`, { parcels: some(lots), what, row: c.row.includes(':') || c.row === 'change' ? rowsWords(rows, townName) : '', limit: rowAmount(c.row, c.limit, r), needed: rowAmount(c.row, c.needed, r) });
}

/** The locks without which there is a plan, in one paragraph. */
export const waiverWords = (w: Waiver) =>
  [
    t(w.least ? 'renewal.waive.least' : 'renewal.waive.enough', { n: w.locks.reduce((n, k) => n + k.parcels.length, 0) }),
    ...w.locks.map((k) => t(`renewal.waive.${k.kind === 'out' ? 'out' : k.year ? 'in_year' : 'in'}`, { year: k.year ?? 0, parcels: some(k.parcels) })),
  ].join(' ');
