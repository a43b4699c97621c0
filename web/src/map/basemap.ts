// The basemap under the parcels: what the server reads of the file beside the city, in a
// tone that leaves the parcels the subject. Names are drawn in the fonts of the machine.
import type { ExpressionSpecification, FilterSpecification, LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { base } from '../api/client';
import type { BasemapInfo } from '../api/types.gen';
import type { Lang } from '../words/words.svelte';
import { ground as tone } from './palette';

export const underlay = 'basemap'; // the source
export const basemapPath = `${base}/basemap/`; // where its tiles come from

/** The file as a source of tiles. */
export function basemapSource(b: BasemapInfo): SourceSpecification {
  const tiles = {
    tiles: [`${location.origin}${basemapPath}${b.tag}/{z}/{x}/{y}`], minzoom: b.min_zoom, maxzoom: Math.min(b.max_zoom, 22),
    ...(b.bounds.length === 4 ? { bounds: b.bounds as [number, number, number, number] } : {}),
  };
  return b.kind === 'picture' ? { type: 'raster', tileSize: 256, ...tiles } : { type: 'vector', ...tiles };
}

/** What lies under everything of the city, bottom to top. */
export function basemapLayers(b: BasemapInfo): LayerSpecification[] {
  if (b.kind === 'picture') return [{ id: 'basemap-picture', type: 'raster', source: underlay, paint: { 'raster-opacity': 0.5, 'raster-saturation': -0.5, 'raster-contrast': -0.2, 'raster-fade-duration': 0 } }];
  return b.protomaps ? protomaps() : plain(b.layers);
}

const areas: FilterSpecification = ['==', ['geometry-type'], 'Polygon'];
const lines: FilterSpecification = ['==', ['geometry-type'], 'LineString'];
// Until version 3 of the schema kinds stood under another name.
const kind = ['coalesce', ['get', 'kind'], ['get', 'pmap:kind'], ''] as unknown as ExpressionSpecification;
const among = (...kinds: string[]) => ['match', kind, kinds, true, false] as unknown as FilterSpecification;
const both = (...f: FilterSpecification[]) => ['all', ...f] as unknown as FilterSpecification;
const wide = (at10: number, at14: number, at18: number): ExpressionSpecification => ['interpolate', ['exponential', 1.6], ['zoom'], 10, at10, 14, at14, 18, at18];

/** Layers of the Protomaps basemap: https://docs.protomaps.com/basemaps/layers */
function protomaps(): LayerSpecification[] {
  const fill = (id: string, layer: string, colour: string, filter = areas, minzoom = 0): LayerSpecification => ({ id: `basemap-${id}`, type: 'fill', source: underlay, 'source-layer': layer, filter, minzoom, paint: { 'fill-color': colour } });
  const line = (id: string, layer: string, filter: FilterSpecification, paint: object, minzoom = 0): LayerSpecification =>
    ({ id: `basemap-${id}`, type: 'line', source: underlay, 'source-layer': layer, filter: both(lines, filter), minzoom, layout: { 'line-cap': 'round', 'line-join': 'round' }, paint }) as LayerSpecification;
  const [great, middle, small] = [among('highway', 'major_road'), among('medium_road'), among('minor_road', 'other')];
  return [
    fill('earth', 'earth', tone.earth),
    fill('built', 'landuse', tone.built, both(areas, among('residential', 'neighbourhood', 'commercial', 'industrial', 'urban_area', 'school', 'university', 'college', 'hospital', 'railway')), 9),
    fill('green', 'landuse', tone.green, both(areas, among('park', 'forest', 'wood', 'nature_reserve', 'national_park', 'protected_area', 'grass', 'grassland', 'scrub', 'golf_course', 'cemetery', 'orchard', 'farmland', 'meadow', 'village_green', 'allotments')), 7),
    fill('water', 'water', tone.water),
    ...['water', 'physical_line'].map((layer) => line(`stream-${layer}`, layer, among('river', 'stream', 'canal', 'drain', 'ditch'), { 'line-color': tone.water, 'line-width': wide(0.6, 2, 8) }, 8)),
    fill('house', 'buildings', tone.house, areas, 13),
    line('small-edge', 'roads', small, { 'line-color': tone.edge, 'line-width': wide(0, 1.6, 12) }, 13),
    line('middle-edge', 'roads', middle, { 'line-color': tone.edge, 'line-width': wide(0.6, 3, 16) }, 11),
    line('great-edge', 'roads', great, { 'line-color': tone.edge, 'line-width': wide(1.2, 4.6, 22) }, 6),
    line('small', 'roads', small, { 'line-color': tone.road, 'line-width': wide(0, 0.8, 10) }, 13),
    line('middle', 'roads', middle, { 'line-color': tone.road, 'line-width': wide(0.3, 2, 13.5) }, 11),
    line('great', 'roads', great, { 'line-color': tone.road, 'line-width': wide(0.6, 3.2, 19) }, 6),
    ...['roads', 'transit'].map((layer) => line(`rail-${layer}`, layer, among('rail'), { 'line-color': tone.edge, 'line-width': 1.2, 'line-dasharray': [5, 3] }, 9)),
    line('border', 'boundaries', among('country', 'region', 'county'), { 'line-color': tone.border, 'line-width': 1, 'line-dasharray': [6, 3, 1, 3] }),
  ];
}

/** Layers of any other file: areas as a wash, lines thin, so that overlapping ones stay apart. */
function plain(layers: readonly string[]): LayerSpecification[] {
  const layer = (name: string) => ({ source: underlay, 'source-layer': name });
  return [
    ...layers.map((name): LayerSpecification => ({ id: `basemap-area-${name}`, type: 'fill', ...layer(name), filter: areas, paint: { 'fill-color': tone.edge, 'fill-opacity': 0.22, 'fill-outline-color': tone.border } })),
    ...layers.map((name): LayerSpecification => ({ id: `basemap-line-${name}`, type: 'line', ...layer(name), filter: lines, paint: { 'line-color': tone.border, 'line-width': wide(0.4, 1, 3) } })),
  ];
}

/** Names of the file, below those of the city, which come first where both want a place. */
export function basemapLabels(b: BasemapInfo, lang: Lang, fonts: string[]): LayerSpecification[] {
  if (b.kind !== 'vector' || !b.protomaps) return [];
  const names = lang === 'zh' ? ['name:zh-Hans', 'name:zh', 'name'] : ['name:en', 'name'];
  const name = ['coalesce', ...names.map((n) => ['get', n]), ''] as unknown as ExpressionSpecification;
  const paint = { 'text-color': tone.name, 'text-halo-color': 'rgba(255,255,255,0.85)', 'text-halo-width': 1.2 };
  return [
    { id: 'basemap-road-name', type: 'symbol', source: underlay, 'source-layer': 'roads', minzoom: 13.5, filter: among('highway', 'major_road', 'medium_road', 'minor_road'), layout: { 'symbol-placement': 'line', 'symbol-spacing': 500, 'text-field': name, 'text-font': fonts, 'text-size': 10.5 }, paint },
    { id: 'basemap-place-name', type: 'symbol', source: underlay, 'source-layer': 'places', maxzoom: 16, filter: among('locality', 'neighbourhood', 'macrohood'), layout: { 'text-field': name, 'text-font': fonts, 'text-size': ['interpolate', ['linear'], ['zoom'], 8, 10.5, 14, 12.5], 'text-padding': 6 }, paint },
  ];
}
