// Sentences of the command line and of imports are not said on these screens.
const elsewhere = /^(cli|issue|demo|export|report)\./;

/** Joins the files of one language into one catalogue. */
export function merge(files: Record<string, Record<string, string>>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const file of Object.values(files)) {
    for (const [key, sentence] of Object.entries(file)) {
      if (!elsewhere.test(key)) all[key] = sentence;
    }
  }
  return all;
}
