import { carried } from './said';

/** Joins the files of one language into one catalogue. */
export function merge(files: Record<string, Record<string, string>>): Record<string, string> {
  return Object.assign({}, ...Object.values(files).map(carried)) as Record<string, string>;
}
