import { api } from '../api/client';
import type { CheckInfo } from '../api/types.gen';
import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Verifies the plan shown once more, by a program that shares nothing with the solver. */
export const checkPlan: Action = {
  name: 'check-plan',
  label: 'web.action.check',
  can: () => session.possible && session.plan !== null && session.plan.status !== 'infeasible',
  async run() {
    if (checkPlan.can?.()) await told(api.check);
  },
};

/** Says what the checker found of the plan shown when it was asked before, and goes on listening where it is still at it. */
export const readCheck = () => told(api.checked);

let listening = 0; // counts: who is told of another plan listens no longer

async function told(ask: (plan: number) => Promise<CheckInfo>) {
  const [plan, mine] = [session.plan, ++listening];
  if (!plan || plan.status === 'infeasible') return;
  for (let next = ask; ; next = api.checked) {
    const found = await session.ask(() => next(plan.id)); // a line that broke is told of; when it is back, ../state/follow asks
    if (!found || mine !== listening || session.plan?.id !== plan.id) return;
    session.check = found;
    if (found.state !== 'running') return;
    await new Promise((r) => setTimeout(r, 1000));
  }
}
