import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { expect, test, vi } from 'vitest';
import type { BasemapInfo } from '../api/types.gen';
import { basemapLabels, basemapLayers, basemapSource, underlay } from './basemap';

vi.stubGlobal('location', { origin: 'http://localhost:8558', pathname: '/' });
const file: BasemapInfo = { file: 'g.pmtiles', tag: 'x1', kind: 'vector', protomaps: true, layers: ['earth', 'roads'], min_zoom: 0, max_zoom: 15, bounds: [119, 29, 121, 31], attribution: '© OpenStreetMap', why: { zh: '', en: '' }, hint: { zh: '', en: '' } };
const forms: [string, BasemapInfo][] = [
  ['the known schema', file],
  ['another schema', { ...file, protomaps: false, layers: ['wege', 'häuser', 'a b'] }],
  ['pictures', { ...file, kind: 'picture', protomaps: false, layers: [], bounds: [] }],
];

test.each(forms)('%s makes a style without a flaw and without another host', (_, b) => {
  const layers = [...basemapLayers(b), ...basemapLabels(b, 'zh', ['sans-serif'])];
  const style = { version: 8 as const, sources: { [underlay]: basemapSource(b) }, layers };
  expect(validateStyleMin(style).filter((e) => !/text-field.*glyphs|glyphs/.test(e.message)).map((e) => e.message)).toEqual([]);
  expect(layers.length).toBeGreaterThan(0);
  const asked = JSON.stringify(style).match(/https?:\/\/[^/"]+/g) ?? [];
  expect(asked.every((host) => host === location.origin)).toBe(true);
});

test('an unknown schema shows every layer it names', () => {
  const b = forms[1]![1];
  const drawn = basemapLayers(b).map((l) => ('source-layer' in l ? l['source-layer'] : ''));
  for (const name of b.layers) expect(drawn.filter((d) => d === name), name).toHaveLength(2);
});
