import type { Colour } from '../state/hash';
import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Colours parcels by the plan's years, grades, queues or clusters. */
export const colourBy: Action<[colour: Colour]> = {
  name: 'colour-by',
  label: 'web.action.colour',
  run(colour) {
    session.colour = colour;
    session.only = null;
  },
};

/** Shows one class of the legend alone, or all again. */
export const showOnly: Action<[key: string | null]> = {
  name: 'show-only',
  label: 'web.action.only',
  run(key) {
    session.only = session.only === key ? null : key;
  },
};
