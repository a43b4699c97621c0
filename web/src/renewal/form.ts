// The options of a solve as its form parts them: what planners change, and the other rules.
import type { SolveForm } from '../api/types.gen';

/** What planners change first, in this order; the time follows. */
export const texts = ['years', 'budget', 'demolition', 'relocation'] as const;
/** The other rules that are a number. */
export const numbers = ['min_mu', 'max_mu', 'max_kept', 'mixes', 'seed'] as const;

/** The other rules that are set otherwise than the program would. */
export function changed(form: SolveForm, usual: SolveForm): ((typeof numbers)[number] | 'modes')[] {
  const set = (list: readonly string[]) => [...list].sort().join();
  return [...numbers.filter((f) => form[f] !== usual[f]), ...(set(form.modes) === set(usual.modes) ? [] : (['modes'] as const))];
}
