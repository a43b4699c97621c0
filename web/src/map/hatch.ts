// Pictures made here, so that no file is asked for: lines that lean right for parcels
// locked in, left for those locked out. They can be told apart without colours.
import type { Map as GLMap } from 'maplibre-gl';
import { lockColours } from './palette';
import { hatch } from './style';

const edge = 16; // pixels; the lines go on from one tile of the picture to the next

/** The pixels of a picture of one kind, RGBA. */
export function hatchPixels(kind: 'in' | 'out'): { width: number; height: number; data: Uint8Array } {
  const rgb = [1, 3, 5].map((i) => parseInt(lockColours[kind].slice(i, i + 2), 16));
  const data = new Uint8Array(edge * edge * 4);
  for (let y = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++) {
      const along = (kind === 'in' ? x + y : x - y + edge) % edge;
      // A light edge keeps the line apart from dark parcels.
      const ink = along < 3 ? [...rgb, 235] : along < 5 ? [255, 255, 255, 210] : [0, 0, 0, 0];
      data.set(ink, (y * edge + x) * 4);
    }
  }
  return { width: edge, height: edge, data };
}

/** Gives the map a picture it misses. */
export function drawHatch(map: GLMap, id: string) {
  const kind = (['in', 'out'] as const).find((k) => hatch(k) === id);
  if (kind && !map.hasImage(id)) map.addImage(id, hatchPixels(kind), { pixelRatio: 2 });
}
