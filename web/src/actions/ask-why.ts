import { session } from '../state/session.svelte';
import type { Action } from './action';
import { pickParcel } from './pick-parcel';

/**
 * Says why a parcel is in the plan or out of it: the one that is open, selected or first
 * of the open block; else the next that is clicked.
 */
export const ask: Action = {
  name: 'ask-why',
  label: 'web.action.why',
  icon: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.5v.5',
  keys: ['w'],
  can: () => session.plan !== null,
  run() {
    const id = session.parcel?.id ?? (session.picked?.kind === 'block' ? session.block?.parcels[0] : undefined) ?? session.selection[0];
    session.tool = 'look';
    if (id) return pickParcel.run(id, true);
    session.notice = { key: 'click_why' };
  },
};
