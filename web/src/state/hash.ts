// The state of the screen that a link carries, in the part of the address after #.
import type { Lang } from '../words/words.svelte';

export type Colour = 'compare' | 'sure' | 'plan' | 'grade' | 'queue' | 'stage' | 'cluster';
export const colours: readonly Colour[] = ['compare', 'sure', 'plan', 'grade', 'queue', 'stage', 'cluster'];

/** What the drawer shows beside parcels, blocks and the plan. */
export type Panel = 'solve' | 'plans' | 'compare';
const panels: readonly Panel[] = ['solve', 'plans', 'compare'];

/** What fills the screen: the map, or a room over it. */
export type Room = 'data' | 'handover';
const rooms: readonly Room[] = ['data', 'handover'];
const fewSelected = 200; // parcels written out one by one; more are packed
const mostLetters = 16_000; // of packed parcels: addresses have an end

export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

export interface Link {
  map?: View;
  lang?: Lang;
  plan?: number;
  year?: number;
  colour?: Colour;
  parcel?: string;
  block?: string;
  open?: Panel;
  room?: Room; // none: the map
  vs?: number; // plan compared with
  selected?: string[]; // parcels
  cut?: number; // parcels that were selected, when they are too many for an address
}

/** Reads a link; parts that make no sense are left out. */
export function readLink(hash: string): Link {
  const p = new URLSearchParams(hash.replace(/^#/, ''));
  const link: Link = {};
  const map = (p.get('map') ?? '').split('/').map(Number);
  const [zoom, lat, lon] = map;
  if (map.length === 3 && map.every(Number.isFinite) && Math.abs(lat!) <= 85 && Math.abs(lon!) <= 180) {
    link.map = { zoom: zoom!, lat: lat!, lon: lon! };
  }
  const lang = p.get('lang');
  if (lang === 'zh' || lang === 'en') link.lang = lang;
  link.plan = whole(p.get('plan'));
  link.year = whole(p.get('year'));
  link.colour = colours.find((c) => c === p.get('by'));
  link.parcel = p.get('parcel') || undefined;
  link.block = p.get('block') || undefined;
  link.open = panels.find((k) => k === p.get('open'));
  link.room = rooms.find((r) => r === p.get('room'));
  link.vs = whole(p.get('vs'));
  const selected = p.get('sels') ? unpack(p.get('sels')!) : p.getAll('sel').filter(Boolean);
  if (selected.length > 0) link.selected = selected;
  link.cut = whole(p.get('cut'));
  return Object.fromEntries(Object.entries(link).filter(([, v]) => v !== undefined));
}

/** Writes a link; what is not set is left out. */
export function writeLink(link: Link): string {
  const p = new URLSearchParams();
  if (link.map) p.set('map', [link.map.zoom.toFixed(2), link.map.lat.toFixed(5), link.map.lon.toFixed(5)].join('/'));
  if (link.lang) p.set('lang', link.lang);
  if (link.plan) p.set('plan', String(link.plan));
  if (link.year) p.set('year', String(link.year));
  if (link.colour) p.set('by', link.colour);
  if (link.parcel) p.set('parcel', link.parcel);
  if (link.block) p.set('block', link.block);
  if (link.open) p.set('open', link.open);
  if (link.room) p.set('room', link.room);
  if (link.vs) p.set('vs', String(link.vs));
  const { selected = [] } = link;
  if (!linkHolds(selected)) p.set('cut', String(selected.length));
  else if (selected.length > fewSelected) p.set('sels', packed(selected));
  else for (const id of selected) p.append('sel', id);
  return '#' + p.toString().replaceAll('%2F', '/');
}

/** Whether a link carries so large a selection. */
export const linkHolds = (selected: readonly string[]) => selected.length <= fewSelected || packed(selected).length <= mostLetters;

let last: { of: readonly string[]; text: string } | undefined;

/** A selection packed, once: links are written whenever the screen changes. */
function packed(selected: readonly string[]): string {
  if (last?.of !== selected) last = { of: selected, text: pack(selected) };
  return last.text;
}

/**
 * Ids in ascending order, each as how many letters it shares with the one before (to base 36,
 * at most 35) and the rest: numbers of neighbours begin alike.
 */
export function pack(ids: readonly string[]): string {
  let before = '';
  return [...ids].sort().map((id) => {
    let n = 0;
    while (n < 35 && n < id.length && id[n] === before[n]) n++;
    before = id;
    return n.toString(36) + id.slice(n).replaceAll('%', '%25').replaceAll('*', '%2A');
  }).join('*');
}

/** The ids that were packed; what was never packed so gives what it gives. */
export function unpack(text: string): string[] {
  let before = '';
  return text.split('*').flatMap((part) => {
    const n = parseInt(part[0] ?? '', 36);
    if (Number.isNaN(n)) return [];
    before = before.slice(0, n) + part.slice(1).replaceAll('%2A', '*').replaceAll('%25', '%');
    return [before];
  });
}

function whole(s: string | null): number | undefined {
  return s && /^[1-9]\d*$/.test(s) ? Number(s) : undefined;
}
