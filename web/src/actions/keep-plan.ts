import { api, Refusal } from '../api/client';
import { record } from '../state/history';
import { session } from '../state/session.svelte';
import { mergeSketch, sketchOf } from '../state/sketch';
import type { Action } from './action';
import { choosePlan } from './choose-plan';

/** Stores the plan changed by hand, as a plan of its own or over the one it was made from. */
export const keepPlan: Action<[name: string, over: boolean]> = {
  name: 'keep-plan',
  label: 'web.hand.keep',
  can: () => session.sketch !== null,
  async run(name, over) {
    const { sketch, of } = session.history.now;
    if (!sketch || !of) return;
    try {
      session.waiting++;
      const kept = await api.keepDraft(of.id, { name: over ? of.name : name, blocks: [...sketch], over, was: of.run.id });
      await stored(kept.id);
    } catch (err) {
      if (err instanceof Refusal && err.problem.key === 'city_plan_changed') await meet();
      else session.tell(err);
    } finally {
      session.waiting--;
    }
  },
};

/** Shows the plan as it is stored now; the drawing is over. */
async function stored(id: number) {
  session.plans = (await session.ask(api.plans)) ?? session.plans;
  const before = session.history.now.of;
  await choosePlan.run(id);
  if (before && before.id !== id) session.other = before;
}

/** Somebody else changed the plan since: their blocks come in, and mine where I changed them. */
async function meet() {
  const { sketch, of } = session.history.now;
  const theirs = of && (await session.ask(() => api.plan(of.id)));
  if (!sketch || !of || !theirs) return;
  session.planConflict = { theirs, ...mergeSketch(sketchOf(of), sketch, sketchOf(theirs)) };
}

/** Ends the conflict: goes on from both together, or from theirs alone. */
export function settlePlan(merge: boolean) {
  const met = session.planConflict;
  if (!met) return;
  session.planConflict = null;
  session.history = record(session.history, { ...session.history.now, of: met.theirs, sketch: merge ? met.sketch : sketchOf(met.theirs) });
}
