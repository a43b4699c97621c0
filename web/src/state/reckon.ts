// Has a plan changed by hand reckoned: numbers, projects, firms, what the checker objects
// to. The figures follow the hand; a line that broke is tried again when it is back.
import { api, Unreachable } from '../api/client';
import { keepDraft } from './keep-draft';
import { session } from './session.svelte';

let under: AbortController | undefined;

/** Reckons the sketch as it is now, or shows the stored plan again when there is none. */
export async function reckon() {
  under?.abort();
  const { sketch, of } = session.history.now;
  keepDraft();
  if (!sketch || !of) {
    if (session.draft) session.plan = session.draft.of;
    session.draft = null;
    session.draftLate = false;
    return;
  }
  under = new AbortController();
  const { signal } = under;
  session.draftLate = true;
  try {
    const info = await api.draft(of.id, sketch, signal);
    if (signal.aborted) return;
    session.draft = { ...info, of };
    session.plan = { ...info.plan, name: of.name };
    session.draftLate = false;
    session.lost = false;
  } catch (err) {
    if (signal.aborted) return;
    if (err instanceof Unreachable) session.lost = true; // ./follow asks again
    else session.tell(err);
  }
}
