import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Closes what lies over the map: first the palette or a pane, then the drawer. */
export const closeDrawer: Action = {
  name: 'close-drawer',
  label: 'web.action.close',
  keys: ['Escape'],
  run() {
    if (session.palette) {
      session.palette = false;
      return;
    }
    if (session.pane) {
      session.pane = null;
      return;
    }
    if (session.tool !== 'look') {
      session.tool = 'look';
      return;
    }
    session.picked = null;
    session.parcel = null;
  },
};
