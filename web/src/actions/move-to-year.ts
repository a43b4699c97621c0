import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Shows one year of the plan; null shows all years. */
export const moveToYear: Action<[year: number | null]> = {
  name: 'move-to-year',
  label: 'web.action.year',
  run(year) {
    session.year = year !== null && session.years.includes(year) ? year : null;
  },
};

function step(by: 1 | -1) {
  const stops = [null, ...session.years];
  const at = stops.indexOf(session.year);
  session.playing = false;
  session.year = stops[Math.min(stops.length - 1, Math.max(0, at + by))] ?? null;
}

export const nextYear: Action = { name: 'next-year', label: 'web.action.next_year', keys: ['.'], run: () => step(1) };
export const earlierYear: Action = { name: 'earlier-year', label: 'web.action.earlier_year', keys: [','], run: () => step(-1) };
