import { session } from '../state/session.svelte';
import type { Action } from './action';
import { pickBlock } from './pick-block';
import { pickParcel } from './pick-parcel';

/**
 * Says why the open block is as it is, or why a parcel is in the plan or out of it: the one
 * that is open or selected; else the next that is clicked.
 */
export const ask: Action = {
  name: 'ask-why',
  label: 'web.action.why',
  icon: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.5v.5',
  keys: ['w'],
  can: () => session.plan !== null,
  run() {
    session.tool = 'look';
    session.asked++;
    if (session.picked?.kind === 'block') return pickBlock.run(session.picked.id, true);
    const id = session.parcel?.id ?? session.selection[0];
    if (id) return pickParcel.run(id, true);
    session.notice = { key: 'click_why' };
  },
};
