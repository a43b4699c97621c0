import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Shows the whole city. */
export const fitCity: Action = {
  name: 'fit-city',
  label: 'web.action.fit',
  keys: ['f'],
  run() {
    const box = session.city?.extent ?? [];
    if (box.length === 4) session.target = { box, animate: true };
  },
};
