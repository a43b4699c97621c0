// Plans as scenarios: named, copied, taken away.
import { api } from '../api/client';
import { session } from '../state/session.svelte';
import type { Action } from './action';
import { choosePlan } from './choose-plan';

const reread = async () => (session.plans = (await session.ask(api.plans)) ?? session.plans);

export const renamePlan: Action<[id: number, name: string]> = {
  name: 'rename-plan',
  label: 'web.plans.rename',
  can: () => session.possible,
  async run(id, name) {
    const named = await session.ask(() => api.renamePlan(id, name));
    if (!named) return;
    await reread();
    if (session.plan?.id === id) session.plan = { ...session.plan, name: named.name };
    if (session.other?.id === id) session.other = { ...session.other, name: named.name };
  },
};

/** Copies a plan and opens the copy, so that the first stays as it is. */
export const copyPlan: Action<[id: number, name: string]> = {
  name: 'copy-plan',
  label: 'web.plans.copy',
  can: () => session.possible,
  async run(id, name) {
    const copied = await session.ask(() => api.copyPlan(id, name));
    if (!copied) return;
    await reread();
    const open = session.picked;
    await choosePlan.run(copied.id);
    session.picked = open;
  },
};

/** Takes a plan away; the city's record keeps how it was made. */
export const deletePlan: Action<[id: number]> = {
  name: 'delete-plan',
  label: 'web.plans.delete',
  can: () => session.possible,
  async run(id) {
    if (!(await session.ask(() => api.deletePlan(id)))) return;
    const left = await reread();
    if (session.solve?.plan === id) session.solve = null;
    if (session.other?.id === id) {
      session.other = null;
      if (session.colour === 'compare') session.colour = 'plan';
    }
    if (session.plan?.id !== id) return;
    const open = session.picked;
    if (left[0]) await choosePlan.run(left[0].id);
    else session.plan = null;
    session.picked = open?.kind === 'plans' && left.length > 0 ? open : null;
  },
};
