// The levels of a frontier that have no plan of their own, and why.
import type { FrontierPoint } from '../api/types.gen';

/** Why a level has no plan to open, the end of a key web.study.none_<…>; empty when it has one. */
export function noPlan(p: Pick<FrontierPoint, 'found' | 'plan' | 'level' | 'status'>): '' | 'rules' | 'time' | 'level' | 'pays' | 'better' {
  if (!p.found) return p.status === 'infeasible' ? 'rules' : 'time';
  if (p.plan > 0) return '';
  if (p.level === 0) return 'level'; // nothing may be cleared
  return p.status === 'optimal' ? 'pays' : 'better'; // clearing nothing is proven best, or the best found
}
