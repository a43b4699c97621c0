// What inputs of rules are called: by the pack, else by the catalogue.
import type { BuildingHere, Label } from '../api/types.gen';
import { floor } from '../format/format';
import { session } from '../state/session.svelte';
import { t, words } from '../words/words.svelte';

export function inputName(label: Label, name: string): string {
  const key = [`field.${name}`, `land.input.${name}`].find((k) => words.has(k));
  return words.of(label) || (name === 'area_m2' ? t('web.fact.area') : key ? t(key) : name);
}

/** A building's number without that of its parcel, with which it often begins. */
export function shortIn(parcel: string, building: string): string {
  const rest = building.startsWith(parcel) ? building.slice(parcel.length).replace(/^[-_/ ]+/, '') : '';
  return rest || building;
}

/** What is on record of a building, in words. */
export const buildingFacts = (b: BuildingHere) =>
  [
    b.floor_m2 === null ? '' : floor(b.floor_m2, session.reader),
    b.use,
    b.year_built > 0 ? String(b.year_built) : '',
    b.condition ? t(`renewal.condition.${b.condition}`) : '',
    b.protected ? t('field.protected') : '',
  ]
    .filter(Boolean)
    .join(' · ');
