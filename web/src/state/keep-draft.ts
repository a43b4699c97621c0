// Keeps a plan changed by hand in the browser, so that a page that is closed, loaded anew
// or outdated loses nothing.
import { record } from './history';
import { session } from './session.svelte';
import type { Sketch } from './sketch';

interface Kept {
  plan: number;
  value: number; // of the plan: another city may have a plan of the same number
  sketch: Sketch;
}

const place = () => `plottage.draft.${session.city?.file ?? ''}`;

/** Writes the sketch down, or forgets it when there is none. */
export function keepDraft() {
  if (!session.city) return;
  const { sketch, of } = session.history.now;
  try {
    if (sketch && of) localStorage.setItem(place(), JSON.stringify({ plan: of.id, value: of.value, sketch } satisfies Kept));
    else localStorage.removeItem(place());
  } catch {
    // private windows keep nothing
  }
}

/** Goes on with what was drawn before the page was closed, if it was drawn on this plan. */
export function resumeDraft(): boolean {
  try {
    const kept = JSON.parse(localStorage.getItem(place()) ?? 'null') as Kept | null;
    const plan = session.plan;
    if (!kept || !plan || session.sketch || kept.plan !== plan.id || kept.value !== plan.value || !Array.isArray(kept.sketch)) return false;
    session.history = record(session.history, { ...session.history.now, sketch: kept.sketch, of: plan });
    return true;
  } catch {
    return false;
  }
}

/** The plan that was being changed when the page was closed. */
export function draftedPlan(): number | undefined {
  try {
    return (JSON.parse(localStorage.getItem(place()) ?? 'null') as Kept | null)?.plan;
  } catch {
    return undefined;
  }
}
