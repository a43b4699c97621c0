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
const mostSelected = 200; // parcels in a link: addresses have an end

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
  const selected = p.getAll('sel').filter(Boolean).slice(0, mostSelected);
  if (selected.length > 0) link.selected = selected;
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
  for (const id of link.selected?.slice(0, mostSelected) ?? []) p.append('sel', id);
  return '#' + p.toString().replaceAll('%2F', '/');
}

function whole(s: string | null): number | undefined {
  return s && /^[1-9]\d*$/.test(s) ? Number(s) : undefined;
}
