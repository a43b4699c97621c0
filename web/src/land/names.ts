// What inputs of rules are called: by the pack, else by the catalogue.
import type { Label } from '../api/types.gen';
import { t, words } from '../words/words.svelte';

export function inputName(label: Label, name: string): string {
  const key = [`field.${name}`, `land.input.${name}`].find((k) => words.has(k));
  return words.of(label) || (name === 'area_m2' ? t('web.fact.area') : key ? t(key) : name);
}
