import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Closes what lies over the map: first a pane, then the drawer. */
export const closeDrawer: Action = {
  name: 'close-drawer',
  label: 'web.action.close',
  keys: ['Escape'],
  run() {
    if (session.pane) {
      session.pane = null;
      return;
    }
    session.picked = null;
    session.parcel = null;
  },
};
