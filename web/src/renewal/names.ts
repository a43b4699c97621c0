// What plans are called.
import type { PlanHead } from '../api/types.gen';
import { t } from '../words/words.svelte';

export const planName = (p: { id: number; name: string }) => p.name || t('web.plan.n', { n: p.id });

/** Plans that somebody asked for, and those made on the way of a study. */
export const inGroups = (plans: readonly PlanHead[]) => ({ own: plans.filter((p) => !p.study), studies: plans.filter((p) => p.study) });
