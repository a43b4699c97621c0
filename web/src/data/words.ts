// Sentences about errors and issues, as the program words them; what the command line is
// told with a flag is a field here, so some hints have a wording of their own.
import type { Issue, Problem } from '../api/types.gen';
import { words } from '../words/words.svelte';

type Args = Record<string, string | number>;

export function errorWords(p: Problem): { sentence: string; hint: string } {
  const own = `web.data.hint.${p.key}`; // what to press here, where the program's own hint names a command
  return { sentence: p.detail, hint: words.has(own) ? words.t(own, (p.args ?? {}) as Args) : p.hint };
}

export function issueWords(i: Issue): { sentence: string; hint: string } {
  const w = i.where;
  const args = { file: w.file ?? '', layer: w.layer ?? '', row: w.row ?? 0, field: w.field ?? '', value: w.value ?? '', ...(i.args as Args | undefined) };
  const say = (key: string) => (words.has(key) ? words.t(key, args) : '');
  return { sentence: say(`issue.${i.key}`), hint: say(`web.data.hint.${i.key}`) || say(`hint.${i.key}`) };
}

/** The name of a field of the city, or the name as it is. */
export const fieldName = (field: string) => (words.has(`field.${field}`) ? words.t(`field.${field}`) : field);

/** Files in megabytes, for people. */
export const mb = (bytes: number) => (bytes / 1048576 < 10 ? (bytes / 1048576).toFixed(1) : Math.round(bytes / 1048576).toString());

/** A unit of a file as people write it: 万元, 亩. */
export function unitName(unit: string): string {
  const key = `web.data.units.${unit === '%' ? 'percent' : unit.toLowerCase().replaceAll(' ', '_')}`;
  return words.has(key) ? words.t(key) : unit;
}
