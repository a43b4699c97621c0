import { session } from '../state/session.svelte';
import type { Action } from './action';

const stepMs = 1400;
let timer: ReturnType<typeof setInterval> | undefined;

/** Shows one year after the other, or stops doing so. */
export const playYears: Action = {
  name: 'play-years',
  label: 'web.action.play',
  keys: ['p'],
  run() {
    clearInterval(timer);
    session.playing = !session.playing && session.years.length > 0;
    if (!session.playing) return;
    session.year = session.years[0] ?? null;
    timer = setInterval(advance, stepMs);
  },
};

function advance() {
  const next = session.year === null ? undefined : session.years[session.years.indexOf(session.year) + 1];
  if (!session.playing || next === undefined) {
    if (session.playing) session.year = null; // after the last year all are shown again
    session.playing = false;
    clearInterval(timer);
    return;
  }
  session.year = next;
}
