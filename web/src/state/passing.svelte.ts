// What is said in passing goes once the planner has gone on to something else.
import { untrack } from 'svelte';
import { session } from './session.svelte';

/** What is open and selected; null where nothing is. */
export const opened = (): Place => [
  session.plan?.id ?? null,
  session.room,
  session.picked && `${session.picked.kind} ${session.picked.id}`,
  session.pane,
  session.tool === 'look' ? null : session.tool,
  session.selection.length,
];

type Place = readonly (string | number | null)[];

/** Whether something was opened or selected since; closing what was open is not going on. */
export const wentOn = (from: Place, to: Place) => to.some((one, i) => one !== null && one !== from[i]);

/**
 * Drops what is said (null: nothing) when something else is opened after it was said. What
 * is said in the same moment as its place changes belongs to the new place. To be called
 * while a component is set up.
 */
export function passing(said: () => unknown, drop: () => void) {
  let before: unknown = null;
  let at: Place = [];
  $effect(() => {
    const [now, place] = [said(), opened()];
    if (now !== null && now === before && wentOn(at, place)) untrack(drop);
    [before, at] = [now, place];
  });
}
