import { lock } from '../state/locks';
import { session } from '../state/session.svelte';
import { lockAction } from './action';

/** The next plan clears the selected parcels, in the year or in any. */
export const lockIn = lockAction<[year?: number]>({
  name: 'lock-in',
  label: 'web.action.lock_in',
  icon: 'M4 7V5a4 4 0 0 1 8 0v2M3 7h10v7H3zM5.5 10.5l2 2 3-3',
  keys: ['i'],
  can: () => session.possible && session.selection.length > 0,
  edit: (locks, year = 0) => lock(locks, session.selection, 'in', year),
});
