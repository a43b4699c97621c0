// Which of the first steps were taken, remembered by the browser.
import { SvelteSet } from 'svelte/reactivity';
import { session } from './session.svelte';

export type Step = 'why' | 'lock' | 'solve' | 'compare';
const place = 'plottage.steps';

export const done = new SvelteSet<Step>();

/** Reads what an earlier visit left; a browser that keeps nothing shows the steps anew. */
export function readSteps() {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? '{}') as { done?: Step[]; hidden?: boolean };
    for (const s of kept.done ?? []) done.add(s);
    session.steps = kept.hidden !== true;
  } catch {
    // nothing kept, or not ours
  }
}

export function keepSteps() {
  try {
    localStorage.setItem(place, JSON.stringify({ done: [...done], hidden: !session.steps }));
  } catch {
    // private windows keep nothing
  }
}

export function took(step: Step) {
  if (done.has(step)) return;
  done.add(step);
  keepSteps();
}
