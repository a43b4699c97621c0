import { api } from '../api/client';
import { start } from '../state/history';
import { session } from '../state/session.svelte';
import type { Action } from './action';
import { readCheck } from './check-plan';
import { closeSolved } from './close-solved';
import { pickParcel } from './pick-parcel';

/** Shows another plan of the city. Who opens what a solve has made need not be told of it any more. */
export const choosePlan: Action<[id: number]> = {
  name: 'choose-plan',
  label: 'web.action.plan',
  async run(id) {
    await openPlan(id);
    void readCheck();
    if (session.plan?.id === id && session.solve?.plan === id) await closeSolved.run();
  },
};

/** Shows a plan in the place of the one shown. */
export async function openPlan(id: number) {
  const plan = await session.ask(() => api.plan(id));
  if (!plan) return;
  if (session.sketch) session.history = { ...start({ ...session.history.now, sketch: null, of: null }) }; // kept in the browser, see ../state/keep-draft
  session.draft = null;
  session.plan = plan;
  session.check = null;
  if (session.other?.id === id) {
    session.swipe = false;
    session.other = null;
    if (session.colour === 'compare') session.colour = 'plan';
  }
  if (session.year !== null && !plan.years.includes(session.year)) session.year = null;
  if (session.picked?.kind === 'block' || (session.picked?.kind === 'compare' && !session.other)) session.picked = null;
  if (session.picked?.kind === 'parcel') await pickParcel.run(session.picked.id);
}
