// What a search finds, for the field above the map and for the palette alike.
import { api } from '../api/client';
import type { Hit, SearchResult } from '../api/types.gen';
import { words } from '../words/words.svelte';
import { session } from './session.svelte';

/** What a thing found is called. */
export const fullName = (hit: Hit) => words.of(hit.name) || hit.id;

/**
 * Asks for what a text names among blocks, parcels, firms, projects and towns, when the hand
 * has paused; a newer text takes the place of one under way.
 */
export function finder(take: (found: SearchResult, of: string) => void, pauseMs = 160): { look: (text: string) => void; end: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let under: AbortController | undefined;
  const end = () => {
    clearTimeout(timer);
    under?.abort();
  };
  return {
    end,
    look(text) {
      end();
      const q = text.trim();
      if (q === '') return take({ hits: [], more: false }, '');
      timer = setTimeout(() => {
        under = new AbortController();
        const { signal } = under;
        void session.ask(() => api.search(q, session.plan?.id ?? 0, signal)).then((found) => {
          if (found && !signal.aborted) take(found, q);
        });
      }, pauseMs);
    },
  };
}
