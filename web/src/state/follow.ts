// Keeps an open page true: it looks every few seconds which version of the city and
// which run of the program answers, reads the city again when it changed, and says so
// when nobody answers or the program itself was replaced.
import { api, base, Refusal, Unreachable } from '../api/client';
import type { Version } from '../api/types.gen';
import { readCheck } from '../actions/check-plan';
import { pickParcel } from '../actions/pick-parcel';
import { keepLocks, readLocks } from './keep-locks';
import { reckon } from './reckon';
import { session } from './session.svelte';

const everyMs = 4000;

export function follow(): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible' && !session.shut) void look();
  }, everyMs);
  return () => clearInterval(timer);
}

/** Looks once. */
export async function look() {
  const shown = session.city?.version;
  let now: Version;
  try {
    now = await api.version();
  } catch (err) {
    session.lost = err instanceof Unreachable;
    session.shut = base !== '' && err instanceof Refusal && err.problem.status === 403; // asking again would not help
    return;
  }
  const back = session.lost;
  session.lost = false;
  if (back && session.draftLate) void reckon(); // what was drawn meanwhile
  if (back && session.check?.state === 'running') void readCheck();
  if (!shown) return void session.open();
  if (now.program !== shown.program) session.updated = true;
  if (now.tag !== shown.tag || now.born !== shown.born) await reread();
  else if (session.unstored && session.keeping === 'failed') await keepLocks(); // the server is back
}

async function reread() {
  const picked = session.picked;
  await session.open(session.plan?.id);
  if (session.check) void readCheck(); // a plan changed since is another
  await readLocks();
  if (session.sketch) void reckon(); // locks and parcels may be others now
  if (picked?.kind === 'parcel') await pickParcel.run(picked.id);
}
