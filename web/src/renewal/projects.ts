// Projects as a planner looks for them: those that fit first, then by town, mode and land.
import type { BlockInfo, ProjectRef } from '../api/types.gen';
import { area } from '../format/format';
import { session } from '../state/session.svelte';
import { t } from '../words/words.svelte';
import { modeName, townName } from './names';

export const wishes = ['area', 'town', 'mode', 'year'] as const;
export type Wish = (typeof wishes)[number];

/** A project beside a block, and which of its wishes the block does not meet. */
export interface Suited {
  project: ProjectRef;
  misses: Wish[];
}

type Ground = Pick<BlockInfo, 'town_id' | 'mode' | 'area_m2' | 'ready'>;

/** Whether a block meets a wish. Of its land some may not be built on: the checker knows how much. */
const meets: Record<Wish, (p: ProjectRef, b: Ground) => boolean> = {
  town: (p, b) => p.towns.length === 0 || p.towns.includes(b.town_id),
  mode: (p, b) => p.modes.length === 0 || p.modes.includes(b.mode),
  area: (p, b) => p.area_m2 <= b.area_m2,
  year: (p, b) => p.deadline === 0 || p.deadline >= b.ready,
};

/** Projects by how many of their wishes a block does not meet; those that want most land first. */
export function suited(projects: readonly ProjectRef[], block: Ground): Suited[] {
  return projects
    .map((project) => ({ project, misses: wishes.filter((w) => !meets[w](project, block)) }))
    .sort((a, b) => a.misses.length - b.misses.length || b.project.area_m2 - a.project.area_m2 || (a.project.name < b.project.name ? -1 : 1));
}

/** Projects of one town beside one another, those that may go anywhere last; then by mode and land. */
export function inOrder(projects: readonly ProjectRef[]): ProjectRef[] {
  const key = (p: ProjectRef) => [p.towns, p.modes].map((list) => [...list].sort().join(' ') || '\uffff');
  return [...projects].sort((a, b) => {
    const [[townA, modeA], [townB, modeB]] = [key(a), key(b)] as [[string, string], [string, string]];
    if (townA !== townB) return townA < townB ? -1 : 1;
    if (modeA !== modeB) return modeA < modeB ? -1 : 1;
    return b.area_m2 - a.area_m2 || (a.name < b.name ? -1 : 1);
  });
}

/** What a project wishes in words, those not met marked. */
export function wishWords(p: ProjectRef, misses: readonly Wish[] = []): string {
  const say: Record<Wish, string> = {
    town: p.towns.map(townName).join(t('renewal.comma')) || t('web.project.any_town'),
    mode: p.modes.map(modeName).join(t('renewal.comma')) || t('web.project.any_mode'),
    area: area(p.area_m2, session.reader),
    year: p.deadline > 0 ? t('web.project.by', { year: p.deadline }) : '',
  };
  return wishes.filter((w) => say[w]).map((w) => (misses.includes(w) ? `✗ ${say[w]}` : say[w])).join('\u00a0· ');
}
