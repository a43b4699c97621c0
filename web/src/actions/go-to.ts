import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Shows a place on the map and, of the plan shown, outlines a block there; the drawer stays as it is. */
export const goTo: Action<[box: number[], block?: string]> = {
  name: 'go-to',
  label: 'web.compare.go',
  run(box, block = '') {
    session.pointed = block;
    session.pane = null;
    if (box.length === 4) session.target = { box, animate: true };
  },
};
