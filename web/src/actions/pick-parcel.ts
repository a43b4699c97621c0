import { api } from '../api/client';
import { session } from '../state/session.svelte';
import type { Action } from './action';

let under: AbortController | undefined; // the request of the parcel picked before

/** Opens the drawer with a parcel. */
export const pickParcel: Action<[id: string, show?: boolean]> = {
  name: 'pick-parcel',
  label: 'web.action.pick_parcel',
  async run(id, show = false) {
    under?.abort();
    under = new AbortController();
    const { signal } = under;
    session.picked = { kind: 'parcel', id };
    session.pane = null;
    const parcel = await session.ask(() => api.parcel(id, session.plan?.id ?? 0, signal));
    if (signal.aborted) return;
    if (!parcel) {
      if (session.parcel?.id !== id) session.picked = null;
      return;
    }
    session.parcel = parcel;
    if (show && parcel.box.length === 4) session.target = { box: parcel.box, animate: true };
  },
};
