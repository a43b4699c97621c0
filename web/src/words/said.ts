// What these screens say; the rest belongs to the command line, imports and reports, and
// errors and reasons are put in words by the server.
const said = /^(study\.(force|flip)|web|why|field|figure|renewal(?!\.(aloud|check|calendar|unplaced|figure|compare|ledger)\.)|land\.(unit|input|status|stage|queue|way)|hint|issue|noun|severity|crs\.why|cli\.renewal\.col)\./;

// What only screens say that are opened over the first map (later in ./words.svelte.ts).
const late = /^(web\.(data|next|handover)\.|web\.study\.(?!(frontier|goal|portfolio|scenarios|close|save|sure_\w+|portfolio_plan|force_plan)$)|web\.trace\.(?!(ask|waiting)$)|renewal\.(option|note|unsure)\.|study|hint|issue|noun|severity|crs\.)/;

export const saidLater = (key: string) => late.test(key);

/** The part of one catalogue file that the screens carry, at first or later: no hint of an error, which the server gives. */
export function carried(file: Record<string, string>, later: boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(file).filter(([key]) => said.test(key) && saidLater(key) === later && !(key.startsWith('hint.') && `error.${key.slice('hint.'.length)}` in file && !(`issue.${key.slice('hint.'.length)}` in file))),
  );
}
