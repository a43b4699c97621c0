import { fullName } from '../state/found';
import type { Hit } from '../api/types.gen';
import { session } from '../state/session.svelte';
import type { Action } from './action';
import { pickBlock } from './pick-block';
import { pickParcel } from './pick-parcel';

/** Opens what a search found: its block or parcel, or its place on the map; says so when it is nowhere. */
export const openHit: Action<[hit: Hit]> = {
  name: 'open-hit',
  label: 'web.compare.go',
  run(hit) {
    session.pane = null;
    if (!hit.block && !hit.parcel && hit.box.length !== 4) return void (session.notice = { key: 'nowhere', args: { name: fullName(hit) } });
    session.room = null;
    if (hit.block) return pickBlock.run(hit.block, true);
    if (hit.parcel) return pickParcel.run(hit.parcel, true);
    session.target = { box: hit.box, animate: true };
  },
};
