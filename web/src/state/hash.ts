// The state of the screen that a link carries, in the part of the address after #.
import type { Lang } from '../words/words.svelte';

export type Colour = 'plan' | 'grade' | 'queue' | 'stage' | 'cluster';
export const colours: readonly Colour[] = ['plan', 'grade', 'queue', 'stage', 'cluster'];

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
  return '#' + p.toString().replaceAll('%2F', '/');
}

function whole(s: string | null): number | undefined {
  return s && /^[1-9]\d*$/.test(s) ? Number(s) : undefined;
}
