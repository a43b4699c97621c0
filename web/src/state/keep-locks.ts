// Stores the planner's locks as soon as they change, one request at a time, and never
// over somebody else's: then the planner is asked.
import { api, Refusal } from '../api/client';
import type { LocksInfo } from '../api/types.gen';
import { record, revise } from './history';
import { merge, same } from './locks';
import { session } from './session.svelte';

let busy = false;

/** Reads the locks; what the planner changed and could not store yet is brought in. */
export async function readLocks() {
  const found = await session.ask(api.locks);
  if (!found) return;
  const mine = session.unstored;
  const locks = mine ? merge(session.stored, session.locks, found.locks).locks : found.locks;
  session.stored = found.locks;
  session.base = found.version;
  if (same(locks, session.locks)) return;
  if (mine) session.history = record(session.history, { ...session.history.now, locks });
  // What others locked is not ours to undo; what was drawn by hand still is.
  else session.history = revise(session.history, (w) => ({ ...w, locks }), (a, b) => a.sketch === b.sketch);
}

/** Stores the locks as they are now. */
export async function keepLocks() {
  if (busy || session.conflict) return;
  busy = true;
  try {
    while (session.unstored && (await putOnce())); // the planner may go on meanwhile
  } finally {
    busy = false;
  }
}

async function putOnce(): Promise<boolean> {
  const locks = session.locks;
  session.keeping = 'storing';
  try {
    accept(await api.setLocks({ base: session.base, locks: [...locks] }));
    session.keeping = 'stored';
    return true;
  } catch (err) {
    session.keeping = 'failed';
    if (err instanceof Refusal && err.problem.key === 'city_changed') return meet();
    session.tell(err);
    return false;
  }
}

function accept(info: LocksInfo) {
  session.stored = info.locks;
  session.base = info.version;
  // The map draws locks itself: no need to read the city again for them.
  if (session.city) session.city = { ...session.city, version: { ...session.city.version, city: info.version, tag: info.tag } };
}

/** Somebody changed the city since: when it was not the locks, go on; else ask. */
async function meet(): Promise<boolean> {
  const theirs = await session.ask(api.locks);
  if (!theirs) return false;
  if (same(theirs.locks, session.stored)) {
    session.base = theirs.version;
    return true;
  }
  session.conflict = theirs;
  return false;
}

/** Ends a conflict: with my changes brought into theirs, or with theirs alone. */
export async function settle(mine: boolean) {
  const theirs = session.conflict;
  if (!theirs) return;
  const locks = mine ? merge(session.stored, session.locks, theirs.locks).locks : theirs.locks;
  session.conflict = null;
  session.stored = theirs.locks;
  session.base = theirs.version;
  session.history = record(session.history, { ...session.history.now, locks });
  session.keeping = 'stored';
  await keepLocks();
}
