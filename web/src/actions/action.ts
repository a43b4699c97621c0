// An action is something a planner does. Buttons, keys, the map and the command palette
// run the same one.
import { keepLocks } from '../state/keep-locks';
import { record } from '../state/history';
import { same, type LockSet } from '../state/locks';
import { sameSketch, sketchOf, type Sketch } from '../state/sketch';
import { session } from '../state/session.svelte';

export interface Action<A extends unknown[] = []> {
  name: string;
  label: string; // key of its name in locale/
  icon?: string; // path in a box of 16 by 16
  keys?: string[]; // KeyboardEvent.key, outside text fields; Mod+z is Ctrl-Z or Cmd-Z, anywhere
  can?: () => boolean; // whether it would do something now
  undoable?: boolean;
  run: (...args: A) => void | Promise<void>;
}

/** Makes an action of a function that turns a set of locks into the next. */
export function lockAction<A extends unknown[]>(a: Omit<Action<A>, 'run' | 'undoable'> & { edit: (locks: LockSet, ...args: A) => LockSet }): Action<A> {
  return {
    ...a,
    undoable: true,
    run(...args) {
      if (!session.possible) return;
      const next = a.edit(session.locks, ...args);
      if (same(next, session.locks)) return;
      session.history = record(session.history, { ...session.history.now, locks: next });
      return keepLocks();
    },
  };
}

/**
 * Makes an action of a function that turns a plan drawn by hand into the next. The first
 * change begins the drawing: the plan that is shown stays as it is stored.
 */
export function sketchAction<A extends unknown[]>(a: Omit<Action<A>, 'run' | 'undoable'> & { edit: (sketch: Sketch, ...args: A) => Sketch }): Action<A> {
  return {
    ...a,
    undoable: true,
    run(...args) {
      const plan = session.plan;
      if (!plan || plan.status === 'infeasible' || !session.possible) return;
      const { now } = session.history;
      const before = now.sketch ?? sketchOf(plan);
      const next = a.edit(before, ...args);
      if (sameSketch(next, before)) return;
      session.history = record(session.history, { ...now, sketch: next, of: now.sketch ? now.of : plan });
    },
  };
}
