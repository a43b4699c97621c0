import { api } from '../api/client';
import { session } from '../state/session.svelte';
import type { Action } from './action';
import { pickParcel } from './pick-parcel';
import { selectParcel } from './select';

/** Opens (or selects) the parcel at a place where the map draws parcels in groups. */
export const pickPlace: Action<[lon: number, lat: number, select?: boolean]> = {
  name: 'pick-place',
  label: 'web.action.pick_parcel',
  async run(lon, lat, select = false) {
    const found = await session.ask(() => api.at(lon, lat));
    if (!found?.parcel) return;
    if (select) return selectParcel.run(found.parcel);
    return pickParcel.run(found.parcel);
  },
};
