// What these screens say; the rest belongs to the command line, imports and reports, and
// errors and reasons are put in words by the server.
const said = /^(study\.(force|flip)|web|why|field|figure|renewal(?!\.(aloud|check|calendar|unplaced|figure|compare|ledger)\.)|land\.(unit|input|status|stage|queue|way)|hint|issue|noun|severity|crs\.why|cli\.renewal\.col)\./;

/** The part of one catalogue file that the screens carry: no hint of an error, which the server gives. */
export function carried(file: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(file).filter(([key]) => said.test(key) && !(key.startsWith('hint.') && `error.${key.slice('hint.'.length)}` in file && !(`issue.${key.slice('hint.'.length)}` in file))));
}
