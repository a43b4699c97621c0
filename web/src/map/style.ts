// The style of the map: our own layers on a plain ground, no other host, labels in the
// fonts of the machine. Attributes come from internal/server/layers.go.
import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { base } from '../api/client';
import type { BasemapInfo, Drawn, PlanInfo, Summary } from '../api/types.gen';
import type { Colour } from '../state/hash';
import type { LockSet } from '../state/locks';
import type { Overlay } from '../state/session.svelte';
import { basemapLabels, basemapLayers, basemapSource, underlay } from './basemap';
import { land, clusterColours, compareColours, dark, lockColours, sureColour, sureColours, yearColours } from './palette';
import type { Marks } from './marks';
import type { Lang } from '../words/words.svelte';
import { entries } from './legend';

export const source = 'city';
/** From this zoom parcels are single things that can be pointed at; further out they are drawn in groups. */
export const singleZoom = 13;

/** What the style depends on. */
export interface Look {
  colour: Colour;
  only: string | null;
  year: number | null;
  shown: Record<Overlay, boolean>;
  parcel: string;
  block: string;
  lang: Lang;
  plan: PlanInfo | null;
  beside: boolean; // the tiles say how another plan differs
  summary: Summary | null;
  locks: LockSet;
  drawn: Drawn | null; // where the plan changed by hand differs from the one in the tiles
  sure: readonly { parcel: string; share: number }[]; // of the portfolio shown
  marks: Marks; // points of what is selected and locked
  basemap: BasemapInfo | null; // null: none is shown
}

const fonts = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif'];
const hovered: ExpressionSpecification = ['boolean', ['feature-state', 'hover'], false];

export function tilesOf(plan: number, vs: number, tag: string): string[] {
  return [`${location.origin}${base}/tiles/{z}/{x}/{y}.mvt?plan=${plan}${vs ? `&vs=${vs}` : ''}&tag=${tag}`];
}

export function styleOf(look: Look, tiles: string[]): StyleSpecification {
  return {
    version: 8,
    transition: { duration: 0, delay: 0 }, // a fade draws the whole city twenty times where nothing but the processor draws
    sources: {
      [source]: {
        type: 'vector', tiles, minzoom: 0, maxzoom: 16,
        promoteId: { parcels: 'id', blocks: 'id' },
      },
      ...(look.basemap ? { [underlay]: basemapSource(look.basemap) } : {}),
      marks: { type: 'geojson', data: look.marks },
      draft: { type: 'geojson', data: { type: 'FeatureCollection', features: (look.drawn?.features ?? []) as GeoJSON.Feature[] } },
    },
    layers: layersOf(look),
  };
}

/** The class of a parcel in a colouring, as the legend's key. */
function classOf({ colour, beside }: Look): ExpressionSpecification {
  switch (colour) {
    case 'compare':
      // Of a plan changed by hand the tiles know one side only: what the hand left is in both.
      return ['coalesce', ['get', 'diff'], beside ? '' : ['case', ['has', 'year'], 'both', '']];
    case 'sure':
      return ['case', ['has', 'candidate'], '0', ''];
    case 'plan':
      return ['case', ['has', 'year'], ['to-string', ['get', 'year']], ['has', 'kept'], 'kept', ['has', 'candidate'], 'candidate', ''];
    case 'grade':
      return ['coalesce', ['get', 'grade'], ''];
    case 'queue':
      return ['coalesce', ['get', 'queue'], ''];
    case 'stage':
      return ['coalesce', ['get', 'stage'], ''];
    case 'cluster':
      return ['to-string', ['coalesce', ['get', 'cluster'], '']];
  }
}

function fillColour(look: Look): ExpressionSpecification | string {
  if (look.colour === 'sure') return sureFill(look);
  if (look.colour === 'cluster') {
    const each = clusterColours.flatMap((c, i) => [i, c]);
    return ['case', ['has', 'cluster'], ['match', ['%', ['get', 'cluster'], clusterColours.length], ...each, land.plain], land.plain] as unknown as ExpressionSpecification;
  }
  const list = entries(look.colour, look.summary, look.plan).filter((e) => e.key !== '');
  if (list.length === 0) return land.plain;
  const rest = look.colour === 'grade' ? (['case', ['has', 'graded'], land.ungraded, land.plain] as ExpressionSpecification) : land.plain;
  return ['match', classOf(look), ...list.flatMap((e) => [e.key, e.colour]), rest] as unknown as ExpressionSpecification;
}

/** Parcels by how many plans of the portfolio clear them. */
function sureFill(look: Look): ExpressionSpecification | string {
  const of = new Map<string, string[]>();
  for (const p of look.sure) of.set(sureColour(p.share), [...(of.get(sureColour(p.share)) ?? []), p.parcel]);
  if (of.size === 0) return land.plain;
  return ['match', ['coalesce', ['get', 'id'], ''], ...[...of].flatMap(([colour, ids]) => [ids, colour]), land.plain] as unknown as ExpressionSpecification;
}

/** Fades what is not asked for: other classes of the legend, other years of the plan. */
function fillOpacity(look: Look): ExpressionSpecification | number {
  if (look.colour === 'sure') return 1;
  if (look.only !== null) return ['case', ['==', classOf(look), look.only], 1, 0.15];
  // Land that says nothing lets the basemap through.
  if (look.colour !== 'plan' || look.year === null) return look.basemap ? ['case', ['==', classOf(look), ''], 0.5, 1] : 1;
  // Cleared earlier: still seen. Cleared later: hardly.
  return ['case', ['!', ['has', 'year']], 0.75, ['==', ['get', 'year'], look.year], 1, ['<', ['get', 'year'], look.year], 0.4, 0.16];
}

const visible = (on: boolean) => ({ visibility: on ? ('visible' as const) : ('none' as const) });

/** All layers, bottom to top. */
export function layersOf(look: Look): LayerSpecification[] {
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': land.background } },
    ...(look.basemap ? basemapLayers(look.basemap) : []),
    ...townLayers(look),
    ...wayLayers(look),
    ...parcelLayers(look),
    ...blockLayers(look),
    ...draftBlocks(look),
    ...selectedLayers(look),
    ...pickedLayers(look),
    ...(look.basemap && look.shown.labels ? basemapLabels(look.basemap, look.lang, fonts) : []),
    ...labelLayers(look),
    ...draftLabels(look),
  ];
}

function townLayers(look: Look): LayerSpecification[] {
  const layout = visible(look.shown.towns);
  return [
    { id: 'town-fill', type: 'fill', source, 'source-layer': 'towns', layout: visible(look.shown.towns && look.basemap === null), paint: { 'fill-color': '#fafbfa' } },
    { id: 'town-line', type: 'line', source, 'source-layer': 'towns', layout, paint: { 'line-color': land.town, 'line-width': 1, 'line-dasharray': [4, 3], 'line-opacity': 0.7 } },
  ];
}

const width = (base: number): ExpressionSpecification => ['interpolate', ['exponential', 1.6], ['zoom'], 10, base * 0.35, 14, base, 18, base * 7];

function wayLayers(look: Look): LayerSpecification[] {
  const layout = { ...visible(look.shown.ways), 'line-cap': 'round' as const, 'line-join': 'round' as const };
  const line = (id: string, classes: string[], paint: object): LayerSpecification =>
    ({ id, type: 'line', source, 'source-layer': 'ways', filter: ['in', ['get', 'class'], ['literal', classes]], layout, paint }) as LayerSpecification;
  return [
    line('river', ['river'], { 'line-color': land.river, 'line-width': width(5) }),
    line('street-edge', ['lane', 'collector', 'arterial'], { 'line-color': '#cfd6d8', 'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 10, 0.8, 14, 4, 16, 11], 'line-opacity': ['interpolate', ['linear'], ['zoom'], 13, 1, 14.5, 0] }),
    line('street', ['lane', 'collector'], { 'line-color': land.way, 'line-width': width(1.6) }),
    line('arterial', ['arterial'], { 'line-color': land.way, 'line-width': width(3) }),
    line('rail', ['rail'], { 'line-color': land.rail, 'line-width': 1.6, 'line-dasharray': [5, 3] }),
    line('redline', ['redline'], { 'line-color': land.redline, 'line-width': 1.4, 'line-dasharray': [2, 2] }),
  ];
}

function parcelLayers(look: Look): LayerSpecification[] {
  const layer = { source, 'source-layer': 'parcels' };
  return [
    { id: 'parcels', type: 'fill', ...layer, paint: { 'fill-color': fillColour(look), 'fill-opacity': fillOpacity(look), 'fill-antialias': ['step', ['zoom'], false, 12, true] } },
    ...draftLand(look),
    { id: 'parcel-line', type: 'line', ...layer, minzoom: 12, paint: { 'line-color': land.line, 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 0.2, 14, 0.5, 17, 1.1] } },
    { id: 'parcel-hover', type: 'line', ...layer, minzoom: singleZoom, paint: { 'line-color': land.ink, 'line-width': 1.6, 'line-opacity': ['case', hovered, 0.9, 0] } },
...lockLayers(look),
  ];
}

// A match looks an id up; "in" would go through all of them for every parcel.
/** Land whose year the hand changed, or that it keeps inside a block, over the tiles of the plan it was made from. */
function draftLand(look: Look): LayerSpecification[] {
  if (!look.drawn || (look.colour !== 'plan' && look.colour !== 'compare')) return [];
  const years = look.plan?.years ?? [];
  const colours = yearColours(years.length);
  const [was, year] = [['get', 'was'], ['get', 'year']];
  const inside = (otherwise: unknown) => ['case', ['has', 'kept'], land.kept, ['all', ['==', was, 0], ['==', year, 0]], land.plain, otherwise];
  const colour = inside(look.colour === 'plan'
    ? ['match', year, ...years.flatMap((y, i) => [y, colours[i]!]), land.candidate]
    : ['case', ['==', was, 0], compareColours.a!, ['==', year, 0], compareColours.b!, compareColours.year!]);
  const opacity = look.colour === 'plan' && look.year !== null ? ['case', ['==', year, look.year], 1, 0.35] : 1;
  return [{ id: 'draft-land', type: 'fill', source: 'draft', filter: ['!', ['has', 'block']], paint: { 'fill-color': colour as unknown as ExpressionSpecification, 'fill-opacity': opacity as unknown as ExpressionSpecification } }];
}

/** Outlines and names of the blocks the hand made or changed. */
function draftBlocks(look: Look): LayerSpecification[] {
  if (!look.drawn) return [];
  const layer = { source: 'draft', filter: ['has', 'block'] as FilterSpecification };
  const layout = visible(look.shown.blocks);
  const picked: FilterSpecification = ['==', ['get', 'block'], look.block];
  return [
    { id: 'draft-blocks', type: 'fill', ...layer, layout, paint: { 'fill-color': '#000000', 'fill-opacity': 0 } },
    { id: 'draft-line-halo', type: 'line', ...layer, layout: { ...layout, 'line-join': 'round' }, paint: { 'line-color': '#ffffff', 'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 10, 2.4, 14, 6, 17, 9] } },
    { id: 'draft-line', type: 'line', ...layer, layout: { ...layout, 'line-join': 'round' }, paint: { 'line-color': land.hand, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1.2, 14, 3, 17, 4] } },
    { id: 'draft-picked', type: 'line', ...layer, filter: picked, layout: { 'line-join': 'round' }, paint: { 'line-color': land.picked, 'line-width': 3.5 } },
  ];
}

const among = (ids: readonly string[]): FilterSpecification => (ids.length === 0 ? false : (['match', ['get', 'id'], [...ids], true, false] as unknown as FilterSpecification));

/** The picture that fills locked parcels: lines that lean right are in, left are out. */
export const hatch = (kind: 'in' | 'out') => `hatch-${kind}`;

/** Locks are drawn from the page's own set: one shows the moment it is made. */
function lockLayers(look: Look): LayerSpecification[] {
  const layer = { source, 'source-layer': 'parcels', minzoom: singleZoom };
  return (['in', 'out'] as const).flatMap((kind): LayerSpecification[] => {
    const filter = among(look.locks.filter((l) => l.kind === kind).map((l) => l.parcel));
    return [
      { id: `lock-${kind}`, type: 'fill', ...layer, filter, paint: { 'fill-pattern': hatch(kind) } },
      { id: `lock-${kind}-line`, type: 'line', ...layer, filter, paint: { 'line-color': lockColours[kind], 'line-width': 2.4, 'line-dasharray': [2, 1.2] } },
    ];
  });
}

function selectedLayers(look: Look): LayerSpecification[] {
  const layer = { source, 'source-layer': 'parcels', minzoom: singleZoom, layout: { 'line-join': 'round' as const, ...visible(look.marks.features.length > 0) } };
  const on: ExpressionSpecification = ['case', ['boolean', ['feature-state', 'selected'], false], 1, 0];
  const mark = ['match', ['get', 'kind'], ...sureColours.flatMap((c, i) => [`sure-${i}`, c]), 'in', lockColours.in, 'out', lockColours.out, 'picked', land.picked, land.ink] as unknown as ExpressionSpecification;
  return [
    { id: 'selected-fill', type: 'fill', ...layer, layout: visible(look.marks.features.length > 0), paint: { 'fill-color': land.ink, 'fill-opacity': ['*', 0.16, on] } },
    { id: 'selected-halo', type: 'line', ...layer, paint: { 'line-color': '#ffffff', 'line-width': 5.5, 'line-opacity': on } },
    { id: 'selected', type: 'line', ...layer, paint: { 'line-color': land.ink, 'line-width': 3, 'line-dasharray': [1.2, 0.6], 'line-opacity': on } },
    { id: 'marks', type: 'circle', source: 'marks', maxzoom: singleZoom, layout: visible(look.marks.features.length > 0), paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 1.2, 12, 2.2, 13, 3.2], 'circle-color': mark, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 0.8 } },
  ];
}

/** Blocks in the tiles that the hand left as they are. */
const unchanged = (look: Look): FilterSpecification => (look.drawn && look.drawn.changed.length > 0 ? ['!', among(look.drawn.changed)] : true) as FilterSpecification;

function blockLayers(look: Look): LayerSpecification[] {
  const layer = { source, 'source-layer': 'blocks' };
  const layout = visible(look.shown.blocks && look.plan !== null);
  const picked: FilterSpecification = ['==', ['get', 'id'], look.block];
  const asStored = unchanged(look);
  const others: ExpressionSpecification | number = look.year === null ? 1 : ['case', ['==', ['get', 'year'], look.year], 1, 0.25];
  return [
    // Not seen, but can be pointed at where parcels are drawn in groups.
    { id: 'blocks', type: 'fill', ...layer, filter: asStored, layout, paint: { 'fill-color': '#000000', 'fill-opacity': 0 } },
    { id: 'block-line', type: 'line', ...layer, filter: asStored, layout: { ...layout, 'line-join': 'round' }, paint: { 'line-color': land.ink, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 0.8, 14, 2, 17, 3], 'line-opacity': others } },
    { id: 'block-picked-halo', type: 'line', ...layer, filter: picked, layout: { 'line-join': 'round' }, paint: { 'line-color': '#ffffff', 'line-width': 7 } },
    { id: 'block-picked', type: 'line', ...layer, filter: picked, layout: { 'line-join': 'round' }, paint: { 'line-color': look.parcel ? land.ink : land.picked, 'line-width': 3.5 } },
  ];
}

/** The parcel in the drawer lies above everything but the labels. */
function pickedLayers(look: Look): LayerSpecification[] {
  const layer = { source, 'source-layer': 'parcels', filter: ['==', ['get', 'id'], look.parcel] as FilterSpecification, layout: { 'line-join': 'round' as const } };
  return [
    { id: 'parcel-picked-halo', type: 'line', ...layer, paint: { 'line-color': '#ffffff', 'line-width': 6.5 } },
    { id: 'parcel-picked', type: 'line', ...layer, paint: { 'line-color': land.picked, 'line-width': 3.5 } },
  ];
}

function labelLayers(look: Look): LayerSpecification[] {
  const halo = { 'text-halo-color': 'rgba(255,255,255,0.9)', 'text-halo-width': 1.4 };
  const on = look.shown.labels;
  return [
    { id: 'parcel-label', type: 'symbol', source, 'source-layer': 'parcel_labels', minzoom: 15.6,
      layout: { ...visible(on), 'text-field': ['get', 'id'], 'text-font': fonts, 'text-size': 10.5, 'text-padding': 3 },
      paint: { 'text-color': byYear(look, '#ffffff', '#3c4a52'), 'text-halo-color': byYear(look, 'rgba(10,30,60,0.5)', 'rgba(255,255,255,0.8)'), 'text-halo-width': 1.1 } },
    { id: 'way-label', type: 'symbol', source, 'source-layer': 'ways', minzoom: 12, filter: ['has', 'name'],
      layout: { ...visible(on && look.shown.ways), 'symbol-placement': 'line', 'symbol-spacing': 420, 'text-field': ['get', 'name'], 'text-font': fonts, 'text-size': 11 },
      paint: { 'text-color': ['match', ['get', 'class'], 'river', '#4a7d9c', '#68757c'], ...halo } },
    { id: 'town-label', type: 'symbol', source, 'source-layer': 'town_labels', maxzoom: 15.5,
      layout: { ...visible(on && look.shown.towns), 'text-field': ['get', look.lang], 'text-font': fonts, 'text-size': ['interpolate', ['linear'], ['zoom'], 10, 12, 14, 16], 'text-letter-spacing': 0.12 },
      paint: { 'text-color': '#5b6870', ...halo, 'text-halo-width': 2 } },
    { id: 'block-label', type: 'symbol', source, 'source-layer': 'block_labels', minzoom: 11.5,
      filter: ['all', unchanged(look), look.year === null ? true : ['==', ['get', 'year'], look.year]] as FilterSpecification,
      layout: { ...visible(on && look.shown.blocks), 'text-field': ['get', 'id'], 'text-font': fonts, 'text-size': ['interpolate', ['linear'], ['zoom'], 12, 10.5, 16, 14], 'text-padding': 2, 'symbol-sort-key': ['-', 0, ['get', 'm2']] },
      paint: { 'text-color': labelColour(look), 'text-halo-color': labelHalo(look), 'text-halo-width': 1.3 } },
  ];
}

/** Names of the blocks the hand made or changed. */
function draftLabels(look: Look): LayerSpecification[] {
  if (!look.drawn) return [];
  return [{ id: 'draft-label', type: 'symbol', source: 'draft', minzoom: 11.5, filter: ['has', 'block'],
    layout: { ...visible(look.shown.labels && look.shown.blocks), 'text-field': ['get', 'block'], 'text-font': fonts, 'text-size': ['interpolate', ['linear'], ['zoom'], 12, 10.5, 16, 14] },
    paint: { 'text-color': labelColour(look), 'text-halo-color': labelHalo(look), 'text-halo-width': 1.3 } }];
}

/** Labels of blocks stand on the colour of their year. */
function byYear(look: Look, light: string, otherwise: string): ExpressionSpecification | string {
  const years = look.plan?.years ?? [];
  if (look.colour !== 'plan' || years.length === 0) return otherwise;
  const colours = yearColours(years.length);
  return ['match', ['coalesce', ['get', 'year'], 0], ...years.flatMap((y, i) => [y, dark(colours[i]!) ? light : otherwise]), otherwise] as unknown as ExpressionSpecification;
}

const labelColour = (look: Look) => byYear(look, '#ffffff', land.ink);
const labelHalo = (look: Look) => byYear(look, 'rgba(10,30,60,0.65)', 'rgba(255,255,255,0.85)');
