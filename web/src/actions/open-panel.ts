import { api } from '../api/client';
import { boxOf, compareBlocks } from '../renewal/compare';
import type { Panel } from '../state/hash';
import { session } from '../state/session.svelte';
import type { Action } from './action';

function open(kind: Panel) {
  session.parcel = null;
  session.picked = { kind, id: kind };
  session.pane = null;
}

/** Opens the form of a new solve, filled with the options of the plan shown. */
export const planAgain: Action = {
  name: 'plan-again',
  label: 'web.action.plan_again',
  icon: 'M13 8a5 5 0 1 1-1.5-3.5M13 2v3.5H9.5',
  keys: ['r'],
  can: () => session.possible && (session.city?.counts.graded ?? 0) > 0,
  async run() {
    session.form = null; // that of the plan shown then: what is typed into it would be lost
    open('solve');
    const [found, usual] = await Promise.all([session.ask(() => api.solves(session.plan?.id ?? 0)), session.usual ? undefined : session.ask(() => api.solves(0))]);
    if (usual) session.usual = usual.form;
    if (found) session.form = found.form;
  },
};

/** Opens the list of all plans. */
export const showPlans: Action = {
  name: 'show-plans',
  label: 'web.action.plans',
  keys: ['l'],
  can: () => session.plans.length > 0,
  run: () => open('plans'),
};

/** The plans that the one shown can be compared with. */
const besides = () => session.plans.filter((p) => p.id !== session.plan?.id && p.status !== 'infeasible');

/** Opens the comparison with another plan, on the map and as a table. The map goes to what differs when none of it is in sight, or when the drawer covers some of what was. */
export const comparePlans: Action<[other?: number, show?: boolean]> = {
  name: 'compare-plans',
  label: 'web.action.compare',
  keys: ['c'],
  can: () => session.sketch !== null || (session.plan?.status !== 'infeasible' && besides().length > 0),
  async run(other, show = true) {
    session.pointed = '';
    const before = session.sketch && session.history.now.of; // what was changed by hand, beside what it was made from
    const id = other ?? session.other?.id ?? besides()[0]?.id;
    if (!before && (!id || id === session.plan?.id)) return;
    const plan = before ?? (await session.ask(() => api.plan(id!)));
    if (!plan) return;
    session.other = plan;
    session.colour = 'compare';
    session.only = null;
    open('compare');
    if (!show || !session.plan) return;
    const boxes = compareBlocks(session.plan, plan).map((d) => d.box);
    const box = boxOf(boxes);
    if (box.length > 0) session.target = { box, animate: true, zoom: 16, unless: boxes };
  },
};

/** Ends the comparison. */
export const endCompare: Action = {
  name: 'end-compare',
  label: 'web.action.end_compare',
  can: () => session.other !== null,
  run() {
    session.swipe = false;
    session.other = null;
    if (session.colour === 'compare') session.colour = 'plan';
    if (session.picked?.kind === 'compare') session.picked = null;
  },
};

/** Shows both plans on one map, parted by a slider, or the difference in colours again. */
export const swipePlans: Action = {
  name: 'swipe-plans',
  label: 'web.compare.swipe',
  keys: ['v'],
  can: () => session.other !== null,
  run() {
    session.swipe = !session.swipe;
    session.colour = session.swipe ? 'plan' : 'compare';
  },
};
