// Where parcels lie, asked for once: they are marked by points where the map draws
// parcels in groups.
import { api } from '../api/client';
import { session } from './session.svelte';

const atOnce = 20_000; // as many as the server answers for

class Places {
  #known = new Map<string, [number, number] | null>();
  news = $state(0); // counts arrivals, so that what draws them draws again
  #tag = '';

  of(id: string): [number, number] | null {
    return this.#known.get(id) ?? null;
  }

  /** Asks for the places not known yet. */
  async fetch(ids: readonly string[]) {
    if (this.#tag !== session.tileTag) {
      this.#known.clear(); // another version of the city
      this.#tag = session.tileTag;
    }
    const missing = ids.filter((id) => !this.#known.has(id)).slice(0, atOnce);
    if (missing.length === 0) return;
    const found = await api.places(missing).catch(() => undefined); // marks are not worth a complaint
    if (!found) return;
    missing.forEach((id, i) => this.#known.set(id, found.at[i]?.length === 2 ? (found.at[i] as [number, number]) : null));
    this.news++;
  }
}

export const places = new Places();
