// What these screens say; the rest belongs to the command line, imports and reports.
const said = /^(web|why|field|figure|renewal|land\.(unit|input|status|stage|queue)|error|hint|issue|noun|severity|crs\.why|cli\.renewal\.col)\./;

/** Joins the files of one language into one catalogue. */
export function merge(files: Record<string, Record<string, string>>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const file of Object.values(files)) {
    for (const [key, sentence] of Object.entries(file)) {
      if (said.test(key)) all[key] = sentence;
    }
  }
  return all;
}
