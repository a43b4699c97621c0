import { redo as forth, undo as back } from '../state/history';
import { keepLocks } from '../state/keep-locks';
import { session } from '../state/session.svelte';
import { heir } from '../state/sketch';
import type { Action } from './action';
import { endCompare } from './open-panel';
import { pickParcel } from './pick-parcel';

/** Takes the last change back: of the locks, or of the plan drawn by hand. */
export const undo: Action = {
  name: 'undo',
  label: 'web.action.undo',
  icon: 'M6 3 2.5 6.5 6 10M3 6.5h6a4 4 0 0 1 0 8H6',
  keys: ['Mod+z'],
  can: () => session.history.past.length > 0,
  run() {
    step(back);
    return keepLocks();
  },
};

/** Makes it again. */
export const redo: Action = {
  name: 'redo',
  label: 'web.action.redo',
  icon: 'M10 3l3.5 3.5L10 10M13 6.5H7a4 4 0 0 0 0 8h3',
  keys: ['Mod+Shift+z', 'Mod+y'],
  can: () => session.history.future.length > 0,
  run() {
    step(forth);
    return keepLocks();
  },
};

/** The drawer stays with the land it showed: the block may have another name then, or be gone. */
function step(go: typeof back) {
  const [shown, drawn] = [session.picked?.kind === 'block' ? session.block : null, session.sketch !== null];
  session.history = go(session.history);
  const blocks: readonly { id: string; parcels: string[] }[] = session.sketch ?? (session.draft?.of ?? session.plan)?.blocks ?? [];
  if (shown && !blocks.some((b) => b.id === shown.id && b.parcels.some((id) => shown.parcels.includes(id)))) {
    const next = heir(blocks, shown.parcels);
    if (next) session.picked = { kind: 'block', id: next.id };
    else void pickParcel.run(shown.parcels[0]!);
  }
  if (drawn && !session.sketch && session.colour === 'compare') void endCompare.run(); // of the plan with itself
}
