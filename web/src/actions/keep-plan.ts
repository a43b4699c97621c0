import { api, Refusal } from '../api/client';
import { record } from '../state/history';
import { session } from '../state/session.svelte';
import { mergeSketch } from '../state/merge-sketch';
import { sketchOf } from '../state/sketch';
import { who } from '../state/who';
import type { Action } from './action';
import { choosePlan } from './choose-plan';

/** Stores the plan changed by hand, as a plan of its own or over the one it was made from. */
export const keepPlan: Action<[name: string, over: boolean]> = {
  name: 'keep-plan',
  label: 'web.hand.keep',
  can: () => session.sketch !== null,
  async run(name, over) {
    const { sketch, of } = session.history.now;
    if (!sketch || !of || session.planConflict) return;
    try {
      session.waiting++;
      const kept = await api.keepDraft(of.id, { name: over ? of.name : name, blocks: [...sketch], over, was: of.run.id, by: who() });
      await stored(kept.id);
    } catch (err) {
      if (err instanceof Refusal && err.problem.key === 'city_plan_changed') await meet(err.problem.args);
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

/** Somebody else changed the plan since: what both changed is to be chosen between. */
async function meet(args: Record<string, unknown> = {}) {
  const { of } = session.history.now;
  const theirs = of && (await session.ask(() => api.plan(of.id)));
  if (theirs) session.planConflict = { theirs, base: sketchOf(of), by: String(args.actor ?? ''), at: String(args.at ?? '') };
}

/** Ends the conflict: goes on from theirs with mine brought in, of what both changed where it is chosen. */
export function settlePlan(mine: (key: string) => boolean) {
  const met = session.planConflict;
  session.planConflict = null;
  if (!met || !session.sketch) return;
  const { sketch } = mergeSketch(met.base, session.sketch, sketchOf(met.theirs), mine);
  session.history = record(session.history, { ...session.history.now, of: met.theirs, sketch });
}
