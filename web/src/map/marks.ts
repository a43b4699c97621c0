// Points for what is selected and locked, seen where parcels are drawn in groups.
import type { FeatureCollection, Point } from 'geojson';
import { sureColour, sureColours } from './palette';
import type { LockSet } from '../state/locks';

type Kind = `sure-${number}` | 'selected' | 'in' | 'out' | 'picked';
export type Marks = FeatureCollection<Point, { kind: Kind }>;

export function marks(selection: readonly string[], locks: LockSet, picked: string, sure: readonly { parcel: string; share: number }[], place: (id: string) => [number, number] | null): Marks {
  const features: Marks['features'] = [];
  const put = (id: string, kind: Kind) => {
    const coordinates = place(id);
    if (coordinates) features.push({ type: 'Feature', properties: { kind }, geometry: { type: 'Point', coordinates } });
  };
  for (const p of sure) put(p.parcel, `sure-${sureColours.indexOf(sureColour(p.share))}`);
  for (const l of locks) put(l.parcel, l.kind);
  for (const id of selection) put(id, 'selected');
  if (picked) put(picked, 'picked');
  return { type: 'FeatureCollection', features };
}
