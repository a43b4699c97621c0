import { session } from '../state/session.svelte';
import type { Action } from './action';

const place = 'plottage.basemap';

/** Shows the basemap under the parcels, or the plain ground; the browser remembers which. */
export const showBasemap: Action = {
  name: 'show-basemap',
  label: 'web.action.basemap',
  icon: 'M8 2l6.5 3.5L8 9 1.5 5.5zM1.5 8.5L8 12l6.5-3.5M1.5 11.3L8 14.8l6.5-3.5',
  keys: ['a'],
  can: () => session.basemap !== null,
  run() {
    session.under = !session.under;
    try {
      localStorage.setItem(place, session.under ? 'on' : 'off');
    } catch {
      // private windows keep nothing
    }
  },
};

/** Reads what an earlier visit chose. */
export function readBasemap() {
  try {
    session.under = localStorage.getItem(place) !== 'off';
  } catch {
    // nothing kept
  }
}
