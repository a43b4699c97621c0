// Keeps a plan changed by hand in the browser, so that a page that is closed, loaded anew
// or outdated loses nothing.
import { record } from './history';
import { session } from './session.svelte';
import { sameSketch, sketchOf, type Sketch } from './sketch';

interface Kept {
  plan: number;
  value: number; // of the plan: another city may have a plan of the same number
  base?: Sketch; // the plan's own blocks
  sketch: Sketch;
}

const place = () => `plottage.draft.${session.city?.file ?? ''}`;

/** Writes the sketch down, or forgets it when there is none. */
export function keepDraft() {
  if (!session.city) return;
  const { sketch, of } = session.history.now;
  try {
    if (sketch && of) localStorage.setItem(place(), JSON.stringify({ plan: of.id, value: of.value, base: session.planConflict?.base ?? sketchOf(of), sketch } satisfies Kept));
    else localStorage.removeItem(place());
  } catch {
    // private windows keep nothing
  }
}

/**
 * Goes on with what was drawn before the page was closed, if it was drawn on this plan.
 * When somebody changed the plan since, what both changed is to be chosen between.
 */
export function resumeDraft(): boolean {
  try {
    const kept = JSON.parse(localStorage.getItem(place()) ?? 'null') as Kept | null;
    const plan = session.plan;
    if (!kept || !plan || session.sketch || kept.plan !== plan.id || !Array.isArray(kept.sketch)) return false;
    const changed = kept.base !== undefined && !sameSketch(kept.base, sketchOf(plan));
    if (!changed && kept.value !== plan.value) return false; // a plan of another city
    if (changed) session.planConflict = { theirs: plan, base: kept.base!, by: '', at: plan.run.started };
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
