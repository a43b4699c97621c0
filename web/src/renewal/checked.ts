// What the independent checker said of a plan.
import type { CheckInfo, PlanHead } from '../api/types.gen';

/** What is to be told of a plan: what the checker is at now, else what was kept with the plan. */
export function checkOf(plan: PlanHead, now: CheckInfo | null): CheckInfo {
  return now?.plan === plan.id && now.state !== 'none' ? now : plan.check;
}
