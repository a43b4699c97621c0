// The three amounts a year is capped by, and how each is drawn and written.
import type { Capped, PlanYear } from '../api/types.gen';
import { count, floor, money, type Reader } from '../format/format';

export interface Resource {
  key: 'money' | 'demolition' | 'relocation';
  colour: string;
  of: (y: PlanYear) => Capped;
  write: (v: number, r: Reader) => string;
}

export const resources: Resource[] = [
  { key: 'money', colour: '#17607a', of: (y) => y.cost, write: money },
  { key: 'demolition', colour: '#c98b2b', of: (y) => y.demolished_m2, write: floor },
  { key: 'relocation', colour: '#8a6fae', of: (y) => y.workers, write: (v, r) => count(v) + (r.lang === 'zh' ? ' 人' : '') },
];

/** How high a bar stands, 1 at its cap; without a cap 0.9 at the largest year. */
export function height(years: PlanYear[], y: PlanYear, r: Resource): number {
  const { used, cap } = r.of(y);
  if (cap !== null) return cap > 0 ? Math.min(1.12, used / cap) : used > 0 ? 1.12 : 0;
  const most = Math.max(...years.map((one) => r.of(one).used));
  return most > 0 ? (0.9 * used) / most : 0;
}
