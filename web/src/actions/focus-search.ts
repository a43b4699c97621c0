import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Puts the cursor into the search field. */
export const focusSearch: Action = {
  name: 'focus-search',
  label: 'web.action.search',
  keys: ['/'],
  run() {
    session.pane = 'search';
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>('#search')?.focus());
  },
};
