import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Opens the drawer with a block of the plan. */
export const pickBlock: Action<[id: string, show?: boolean]> = {
  name: 'pick-block',
  label: 'web.action.pick_block',
  run(id, show = false) {
    const block = session.plan?.blocks.find((b) => b.id === id);
    if (!block && !session.sketch?.some((b) => b.id === id)) return; // one drawn by hand is not reckoned yet
    session.parcel = null;
    session.picked = { kind: 'block', id };
    session.pane = null;
    if (show && block?.box.length === 4) session.target = { box: block.box, animate: true, zoom: 16 }; // with what lies around it
  },
};
