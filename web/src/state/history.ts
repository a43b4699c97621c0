// Undo as a value: what was, what is, and what was undone.
export interface History<T> {
  past: readonly T[];
  now: T;
  future: readonly T[];
}

const steps = 100; // remembered

export const start = <T>(now: T): History<T> => ({ past: [], now, future: [] });
export const record = <T>(h: History<T>, now: T): History<T> => ({ past: [...h.past, h.now].slice(-steps), now, future: [] });

/** Changes every state alike; states that no longer differ from the next become one. */
export function revise<T>(h: History<T>, change: (one: T) => T, same: (a: T, b: T) => boolean): History<T> {
  const now = change(h.now);
  const past = h.past.map(change);
  const future = h.future.map(change);
  return {
    past: past.filter((one, i) => !same(one, past[i + 1] ?? now)),
    now,
    future: future.filter((one, i) => !same(one, future[i - 1] ?? now)),
  };
}

export function undo<T>(h: History<T>): History<T> {
  const before = h.past.at(-1);
  return before === undefined ? h : { past: h.past.slice(0, -1), now: before, future: [h.now, ...h.future] };
}

export function redo<T>(h: History<T>): History<T> {
  const [next, ...rest] = h.future;
  return next === undefined ? h : { past: [...h.past, h.now], now: next, future: rest };
}
