import { session } from '../state/session.svelte';
import type { Action } from './action';
import { endCompare } from './open-panel';
import { solving } from './solve';

/** Takes away what is said of a solve that has ended, and the comparison offered with it unless it is looked at. */
export const closeSolved: Action = {
  name: 'close-solved',
  label: 'web.action.close',
  run() {
    session.solve = solving(session.ahead) ? session.ahead : null; // one that was taken back leaves the one that runs
    session.ahead = null;
    if (session.picked?.kind !== 'compare' && session.colour !== 'compare' && !session.swipe) return endCompare.run();
  },
};
