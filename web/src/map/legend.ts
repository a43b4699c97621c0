// The classes parcels are coloured by: what the legend lists and the style paints.
import type { Label, PlanInfo, Summary } from '../api/types.gen';
import { colours, type Colour } from '../state/hash';
import { clusterColours, compareColours, gradeColours, land, queueColours, stageColours, sureColours, yearColours } from './palette';

export interface Entry {
  key: string; // names the class within its colouring
  word?: string; // key of its name in locale/
  label?: Label; // its name as the city brings it
  text?: string; // its name as it is
  colour: string;
  parcels?: number;
  areaM2?: number;
}

/** The classes of a colouring, in the order of the legend. */
export function entries(colour: Colour, summary: Summary | null, plan: PlanInfo | null): Entry[] {
  switch (colour) {
    case 'compare':
      return plan === null ? [] : [...Object.entries(compareColours).map(([key, colour]) => ({ key, word: `web.compare.${key}`, colour })), { key: '', word: 'web.compare.neither', colour: land.plain }];
    case 'sure':
      return [...sureColours.map((colour, i) => ({ key: String(i), word: `web.study.sure_${i}`, colour })).reverse(), { key: '', word: 'web.study.sure_none', colour: land.plain }];
    case 'plan':
      return planEntries(summary, plan);
    case 'grade':
      return gradeEntries(summary);
    case 'queue':
      return queueEntries(summary);
    case 'stage':
      return stageEntries(summary);
    case 'cluster':
      return clusterEntries(summary);
  }
}

function planEntries(summary: Summary | null, plan: PlanInfo | null): Entry[] {
  if (!plan) return [];
  const colours = yearColours(plan.years.length);
  const list: Entry[] = plan.by_year.map((y, i) => ({ key: String(y.year), text: String(y.year), colour: colours[i]!, parcels: y.parcels, areaM2: y.area_m2 }));
  if (plan.blocks.some((b) => b.kept.length > 0)) list.push({ key: 'kept', word: 'web.legend.kept', colour: land.kept });
  const all = summary?.grading?.candidates;
  if (all) {
    const planned = plan.by_year.reduce((sum, y) => ({ parcels: sum.parcels + y.parcels, areaM2: sum.areaM2 + y.area_m2 }), { parcels: 0, areaM2: 0 });
    list.push({ key: 'candidate', word: 'web.legend.candidate', colour: land.candidate, parcels: Math.max(0, all.parcels - planned.parcels), areaM2: Math.max(0, all.area_m2 - planned.areaM2) });
  }
  list.push({ key: '', word: 'web.legend.other', colour: land.plain });
  return list;
}

function gradeEntries(summary: Summary | null): Entry[] {
  const grades = summary?.grading?.grades ?? [];
  const named = grades.filter((g) => g.key !== '');
  const colours = gradeColours(named.length);
  return grades.map((g) => ({
    key: g.key,
    ...(g.key === '' ? { word: 'web.legend.no_grade' } : g.label.en || g.label.zh ? { label: g.label } : { text: g.key }),
    colour: g.key === '' ? land.ungraded : colours[named.indexOf(g)]!,
    parcels: g.parcels,
    areaM2: g.area_m2,
  }));
}

function queueEntries(summary: Summary | null): Entry[] {
  return (summary?.grading?.queues ?? []).map((q) => ({
    key: q.key,
    word: q.key ? `web.queue.${q.key}` : 'web.legend.no_queue',
    colour: queueColours[q.key] ?? land.plain,
    parcels: q.parcels,
    areaM2: q.area_m2,
  }));
}

function stageEntries(summary: Summary | null): Entry[] {
  return (summary?.grading?.stages ?? []).map((s) => ({
    key: s.key,
    word: `web.stage.${s.key || 'unknown'}`,
    colour: stageColours[s.key] ?? land.plain,
    parcels: s.parcels,
    areaM2: s.area_m2,
  }));
}

/** The colourings that say something about this city now. */
export function useful(summary: Summary | null, plan: PlanInfo | null): Colour[] {
  if (!summary?.grading) return ['grade', 'cluster'];
  const { grades, queues, stages } = summary.grading;
  const named = (classes: { key: string }[]) => classes.some((c) => c.key !== '');
  const says: Record<Colour, boolean> = { compare: false, sure: false, plan: plan !== null, grade: named(grades), queue: named(queues), stage: named(stages), cluster: true };
  return colours.filter((c) => says[c]);
}

/** What the map shows first: the plan if there is one, else how the land is judged. */
export function firstColour(summary: Summary | null, plan: PlanInfo | null): Colour {
  const list = useful(summary, plan && plan.status !== 'infeasible' ? plan : null);
  return list[0] ?? 'grade';
}

/** The colouring to show instead of one of the land that says nothing now: another pack graded it, or a plan is gone. */
export const insteadOf = (colour: Colour, summary: Summary | null, plan: PlanInfo | null): Colour =>
  !summary || colour === 'compare' || colour === 'sure' || useful(summary, plan).includes(colour) ? colour : firstColour(summary, plan);

function clusterEntries(summary: Summary | null): Entry[] {
  const c = summary?.clustering;
  if (!c) return [];
  const largest = c.largest.map((one) => ({
    key: String(one.id), text: `#${one.id}`, colour: clusterColours[one.id % clusterColours.length]!, parcels: one.parcels, areaM2: one.area_m2,
  }));
  return [...largest, { key: '', word: 'web.legend.no_cluster', colour: land.plain }];
}
