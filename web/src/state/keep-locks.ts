// Stores the planner's locks as soon as they change, one request at a time, and never
// over somebody else's: what both changed differently the planner chooses between.
import { api, Refusal } from '../api/client';
import type { LocksInfo } from '../api/types.gen';
import { record, revise } from './history';
import { differing, merge, same, type LockSet } from './locks';
import { session, type Work } from './session.svelte';
import { who } from './who';

interface Kept {
  base: number;
  stored: LockSet; // as the server had them at version base
  locks: LockSet;
}

let busy = false;
const place = () => `plottage.locks.${session.city?.file ?? ''}`;

/** Writes down in the browser what is not stored yet, so that a page that is closed loses nothing, or forgets it. */
function setAside() {
  if (!session.city) return;
  try {
    if (session.unstored) localStorage.setItem(place(), JSON.stringify({ base: session.base, stored: session.stored, locks: session.locks } satisfies Kept));
    else localStorage.removeItem(place());
  } catch {
    // private windows keep nothing
  }
}

/** Brings in what was locked and not stored when the page was closed; where somebody changed the same locks since, it is chosen between. */
export async function resumeLocks() {
  const kept = setAsideBefore();
  if (!kept || busy || session.unstored) return;
  const theirs = await session.ask(() => api.locks(kept.base));
  if (!theirs || busy || session.unstored) return;
  const n = differing(kept.stored, kept.locks).size;
  if (theirs.version < kept.base || n === 0) return setAside(); // another city, or one that was put back
  [session.stored, session.base] = [kept.stored, kept.base];
  session.history = record(session.history, { ...session.history.now, locks: kept.locks });
  if (!take(theirs)) return;
  await keepLocks();
  if (!session.unstored) session.notice = { key: 'locks_resumed', args: { n } };
}

function setAsideBefore(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place()) ?? 'null') as Kept | null;
    return kept && Array.isArray(kept.stored) && Array.isArray(kept.locks) ? kept : null;
  } catch {
    return null;
  }
}

/** Reads the locks; what the planner changed and could not store yet is brought in. */
export async function readLocks() {
  if (busy) return; // what is being stored meets others' changes by itself
  const found = await session.ask(() => api.locks(session.unstored ? session.base : 0));
  if (!found || busy || found.version < session.base) return;
  take(found);
  if (session.unstored) await keepLocks();
}

/** Stores the locks as they are now. */
export async function keepLocks() {
  setAside();
  if (busy || session.conflict) return;
  busy = true;
  try {
    while (session.unstored && !session.conflict && (await putOnce())); // the planner may go on meanwhile
  } finally {
    busy = false;
    setAside();
  }
}

async function putOnce(): Promise<boolean> {
  const locks = session.locks;
  session.keeping = 'storing';
  try {
    accept(await api.setLocks({ base: session.base, locks: [...locks], by: who() }));
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

/** Somebody changed the city since: what can be brought together is, and stored next. */
async function meet(): Promise<boolean> {
  const theirs = await session.ask(() => api.locks(session.base));
  return theirs !== undefined && take(theirs);
}

/** Takes over what others made of the locks, or asks where both changed the same ones. */
function take(theirs: LocksInfo): boolean {
  const { clashes } = merge(session.stored, session.locks, theirs.locks);
  if (clashes.length > 0) {
    session.conflict = theirs; // again when they went on meanwhile
    return false;
  }
  session.conflict = null;
  const mine = session.unstored;
  const brought = differing(session.stored, theirs.locks).size;
  settleWith(theirs, () => true);
  if (mine && brought > 0) session.notice = { key: 'locks_met', args: { n: brought } };
  return true;
}

/** Ends a conflict: of the locks both changed, mine count where they are chosen. */
export async function settle(mine: (parcel: string) => boolean) {
  const theirs = session.conflict;
  if (!theirs) return;
  session.conflict = null;
  settleWith(theirs, mine);
  session.keeping = 'stored';
  await keepLocks();
}

/**
 * Brings theirs under what I did, now and in every step that undo goes back to: what
 * others locked is not mine to take back.
 */
function settleWith(theirs: LocksInfo, mine: (parcel: string) => boolean) {
  const [base, changed] = [session.stored, differing(session.stored, theirs.locks)];
  const now = merge(base, session.locks, theirs.locks, mine).locks;
  const under = (locks: LockSet) => merge(base, locks, theirs.locks, (p) => !changed.has(p)).locks;
  const before = session.history.now;
  session.stored = theirs.locks;
  session.base = theirs.version;
  const next = (w: Work) => ({ ...w, locks: w === before ? now : under(w.locks) });
  session.history = revise(session.history, next, (a, b) => a.sketch === b.sketch && a.of === b.of && same(a.locks, b.locks));
}
