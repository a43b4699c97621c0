// The tiles of the city under a map that stays: another plan is drawn in the place of the
// one before, and the ground is never bare between them.
import type { Map as GLMap, Tile, VectorTileSource } from 'maplibre-gl';
import { source } from './style';

export class Tiles {
  #next: string[];
  #given = false; // the source was told, and has not said so yet
  #missed = false; // it said so in a moment in which nobody listened

  /** Of a map that was made with these. */
  constructor(private map: GLMap, public now: string[]) {
    this.#next = now;
    map.on('render', () => this.#give());
    map.on('idle', () => this.#give()); // also when some could not be had
    map.on('sourcedata', (e) => {
      if (e.sourceId !== source || e.sourceDataType !== 'content' || !this.#given) return;
      this.#given = false;
      this.#missed = map.isSourceLoaded(source);
      if (this.#missed) map.triggerRepaint();
    });
  }

  /** Asks for other tiles, from the next frame on, and returns those the source has: a style that names others would take the source away. */
  want(tiles: string[]): string[] {
    this.#next = tiles;
    return this.now;
  }

  // Called between frames: a layer that is changed stops the library from listening to the source
  // until it is drawn. Tiles that are on their way would pass for the new ones: they are waited for.
  #give() {
    if (this.#missed) this.map.refreshTiles(source);
    this.#missed = false;
    if (this.#next.join() === this.now.join() || !this.map.isSourceLoaded(source)) return;
    this.now = this.#next;
    this.#given = true;
    const land = this.map.getSource<VectorTileSource>(source)!;
    inTurn(land);
    land.setTiles(this.now);
  }
}

const turns = new WeakSet<VectorTileSource>();

/**
 * Has a source load a tile anew only when it has it. A tile that is fetched again is given to
 * another worker, which does not know it until then: a layer changed meanwhile would ask that
 * worker to draw what it never had, and the tile would be bare.
 */
function inTurn(land: VectorTileSource) {
  if (turns.has(land)) return;
  turns.add(land);
  const load = land.loadTile.bind(land);
  const under = new WeakMap<Tile, Promise<unknown>>();
  land.loadTile = async (tile) => {
    const asked = tile.state;
    while (under.has(tile)) await under.get(tile);
    if (tile.aborted) return;
    if (asked === 'expired') tile.state = asked; // what came meanwhile is not what was asked for
    const loading = load(tile);
    const over = loading.catch(() => undefined).then(() => under.delete(tile));
    under.set(tile, over);
    return loading;
  };
}
