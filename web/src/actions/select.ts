import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Adds a parcel to the selection, or takes it out. */
export const selectParcel: Action<[id: string]> = {
  name: 'select-parcel',
  label: 'web.action.select',
  run(id) {
    session.selection = session.selection.includes(id) ? session.selection.filter((one) => one !== id) : [...session.selection, id];
  },
};

/** Adds parcels to the selection. */
export const selectParcels: Action<[ids: readonly string[]]> = {
  name: 'select-parcels',
  label: 'web.action.select_block',
  run(ids) {
    session.selection = [...new Set([...session.selection, ...ids])];
  },
};

/** Selects what is open in the drawer. */
export const selectPicked: Action = {
  name: 'select-picked',
  label: 'web.action.select_picked',
  keys: ['s'],
  can: () => session.picked?.kind === 'parcel' || session.picked?.kind === 'block',
  run() {
    if (session.picked?.kind === 'parcel') return selectParcel.run(session.picked.id);
    if (session.picked?.kind === 'block' && session.block) return selectParcels.run(session.block.parcels);
  },
};

/** Selects nothing any more. */
export const selectNothing: Action = {
  name: 'select-nothing',
  label: 'web.action.select_nothing',
  keys: ['x'],
  can: () => session.selection.length > 0,
  run() {
    session.selection = [];
  },
};
