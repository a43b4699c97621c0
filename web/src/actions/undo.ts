import { redo as forth, undo as back } from '../state/history';
import { keepLocks } from '../state/keep-locks';
import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Takes the last change back: of the locks, or of the plan drawn by hand. */
export const undo: Action = {
  name: 'undo',
  label: 'web.action.undo',
  icon: 'M6 3 2.5 6.5 6 10M3 6.5h6a4 4 0 0 1 0 8H6',
  keys: ['Mod+z'],
  can: () => session.history.past.length > 0,
  run() {
    session.history = back(session.history);
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
    session.history = forth(session.history);
    return keepLocks();
  },
};
