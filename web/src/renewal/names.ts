// What plans are called.
import type { PlanHead } from '../api/types.gen';
import { session } from '../state/session.svelte';
import { t, words } from '../words/words.svelte';

export const planName = (p: { id: number; name: string }) => p.name || t('web.plan.n', { n: p.id });

export const modeName = (mode: string) => (words.has(`web.mode.${mode}`) ? t(`web.mode.${mode}`) : mode);

/** Plans that somebody asked for, and those made on the way of a study. */
export const inGroups = (plans: readonly PlanHead[]) => ({ own: plans.filter((p) => !p.study), studies: plans.filter((p) => p.study) });

/** A town in words, by its id; the id where the city has no such town. */
export function townName(id: string): string {
  const found = session.summary?.towns.find((one) => one.id === id);
  return found ? words.of(found.name) : id;
}
