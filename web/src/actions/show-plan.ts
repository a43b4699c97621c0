import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Opens the drawer with the plan as a whole. */
export const showPlan: Action = {
  name: 'show-plan',
  label: 'web.action.plan_details',
  can: () => session.plan !== null,
  run() {
    if (!session.plan) return;
    session.parcel = null;
    session.picked = { kind: 'plan', id: String(session.plan.id) };
    session.pane = null;
  },
};
