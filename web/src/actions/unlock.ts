import { unlock as without } from '../state/locks';
import { session } from '../state/session.svelte';
import { lockAction } from './action';

/** Takes the locks of the selected parcels away. */
export const unlock = lockAction({
  name: 'unlock',
  label: 'web.action.unlock',
  icon: 'M4 7V5a4 4 0 0 1 7.5-2M3 7h10v7H3z',
  keys: ['u'],
  can: () => session.possible && session.locks.some((l) => session.selection.includes(l.parcel)),
  edit: (locks) => without(locks, session.selection),
});
