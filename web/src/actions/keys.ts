import type { Action } from './action';
import { closeDrawer } from './close-drawer';
import { fitCity } from './fit-city';
import { focusSearch } from './focus-search';
import { earlierYear, nextYear } from './move-to-year';
import { playYears } from './play-years';

/** Actions that a single key runs. */
export const keyed: Action[] = [closeDrawer, focusSearch, fitCity, nextYear, earlierYear, playYears];

const typing = (el: EventTarget | null) => el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));

/** Runs the action of a key; single letters do nothing while somebody types. */
export function onKey(event: KeyboardEvent) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target) && event.key !== 'Escape') return;
  const action = keyed.find((a) => a.keys?.includes(event.key));
  if (!action) return;
  event.preventDefault();
  void action.run();
}
