import { api } from '../api/client';
import type { Waived } from '../api/types.gen';
import { session } from '../state/session.svelte';
import type { Action } from './action';
import { unlockBlock } from './lock-block';
import { startSolve } from './solve';

/** Takes the locks off that stand in the way of every plan, and plans again; taking them off can be undone. */
export const waiveAndSolve: Action = {
  name: 'waive-and-solve',
  label: 'web.action.waive',
  can: () => session.possible && stillLocked(session.plan?.waive?.locks ?? []).length > 0,
  async run() {
    const plan = session.plan;
    const found = plan && (await session.ask(() => api.solves(plan.id)));
    if (!plan || !found) return;
    await unlockBlock.run(stillLocked(plan.waive?.locks ?? []));
    await startSolve.run(found.form);
  },
};

/** Of the locks that were in the way, the parcels locked so still. */
export function stillLocked(waived: readonly Waived[]): string[] {
  const now = new Map(session.locks.map((l) => [l.parcel, l]));
  return waived.flatMap((w) => w.parcels.filter((id) => now.get(id)?.kind === w.kind && now.get(id)?.year === w.year));
}
