// What the independent checker said of a plan.
import type { CheckInfo, PlanHead } from '../api/types.gen';

/** What is to be told of a plan: what the checker is at now, else what was kept with the plan. */
export function checkOf(plan: PlanHead, now: CheckInfo | null): CheckInfo {
  return now?.plan === plan.id && now.state !== 'none' ? now : plan.check;
}

/** The day of a moment by the clock of who reads, as 2026-11-30; the text as it is when it is none. */
export function dayHere(iso: string): string {
  const at = new Date(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  return Number.isNaN(at.getTime()) ? iso : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
