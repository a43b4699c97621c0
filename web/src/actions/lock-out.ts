import { lock } from '../state/locks';
import { session } from '../state/session.svelte';
import { lockAction } from './action';

/** The next plan leaves the selected parcels alone. */
export const lockOut = lockAction({
  name: 'lock-out',
  label: 'web.action.lock_out',
  icon: 'M4 7V5a4 4 0 0 1 8 0v2M3 7h10v7H3zM6 9l4 4M10 9l-4 4',
  keys: ['o'],
  can: () => session.possible && session.selection.length > 0,
  edit: (locks) => lock(locks, session.selection, 'out'),
});
