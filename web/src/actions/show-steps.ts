import { session } from '../state/session.svelte';
import { keepSteps } from '../state/steps.svelte';
import type { Action } from './action';

/** Shows what to try first, or hides it. */
export const showSteps: Action = {
  name: 'show-steps',
  label: 'web.steps',
  keys: ['?'],
  run() {
    session.steps = !session.steps;
    if (session.steps) session.picked = null; // they take the drawer's place
    keepSteps();
  },
};
