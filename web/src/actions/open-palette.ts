import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Opens the list of everything that can be done. */
export const openPalette: Action = {
  name: 'open-palette',
  label: 'web.action.palette',
  keys: ['Mod+k'],
  run() {
    session.palette = !session.palette;
  },
};
