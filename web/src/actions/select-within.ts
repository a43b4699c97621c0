import { api } from '../api/client';
import type { Point } from '../map/ring';
import { session } from '../state/session.svelte';
import type { Action } from './action';

const many = 20_000; // as many as the server selects and locks at once

/** Selects the parcels whose middle lies in an area drawn on the map. */
export const selectWithin: Action<[ring: Point[]]> = {
  name: 'select-within',
  label: 'web.action.select_within',
  async run(ring) {
    let found = await session.ask(() => api.within(ring, false));
    // Of a whole city only what may be cleared is worth selecting.
    const all = found?.found ?? 0;
    if (found && all > many) found = await session.ask(() => api.within(ring, true));
    if (!found) return;
    await selectSummed(found.parcels);
    if (found.found > found.parcels.length) session.notice = { key: 'select_most', args: { n: found.parcels.length, all: found.found } };
    else if (all > many) session.notice = { key: 'select_candidates', args: { n: found.found, all } };
  },
};

const patienceMs = 150; // parcels are shown selected then, figures or not

/** Adds parcels to the selection together with its figures: asked for before the map draws anything anew. */
async function selectSummed(ids: readonly string[]): Promise<void> {
  const before = session.selection;
  const plan = session.plan?.id ?? 0;
  const selection = [...new Set([...before, ...ids])];
  const totals = await Promise.race([session.ask(() => api.totals(selection, plan)), new Promise<undefined>((done) => setTimeout(done, patienceMs))]);
  if (session.selection !== before) return void (session.selection = [...new Set([...session.selection, ...ids])]);
  if (totals) session.summed = { selection, plan, totals };
  session.selection = selection;
}
