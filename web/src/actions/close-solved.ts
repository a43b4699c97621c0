import { session } from '../state/session.svelte';
import type { Action } from './action';
import { endCompare } from './open-panel';

/** Takes away what is said of a solve that has ended, and the comparison offered with it unless it is looked at. */
export const closeSolved: Action = {
  name: 'close-solved',
  label: 'web.action.close',
  run() {
    session.solve = null;
    if (session.picked?.kind !== 'compare' && session.colour !== 'compare' && !session.swipe) return endCompare.run();
  },
};
