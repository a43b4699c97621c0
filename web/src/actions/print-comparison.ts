import { tick } from 'svelte';
import { picture } from '../handover/api';
import { paper } from '../state/paper.svelte';
import { session } from '../state/session.svelte';
import { words } from '../words/words.svelte';
import type { Action } from './action';

/** What a picture of the comparison shows; empty where one plan is drawn by hand, and only the map itself has it. */
export const shownOnPaper = () => (session.sketch || !session.plan || !session.other ? '' : [session.plan.id, session.plan.run.id, session.other.id, session.other.run.id, words.lang].join());

/** Prints the table with the map of what differs: the whole city where both plans are stored, else as the map stands. */
export const printComparison: Action = {
  name: 'print-comparison',
  label: 'web.compare.print_all',
  keys: ['Mod+p'],
  can: () => session.picked?.kind === 'compare' && session.plan !== null && session.other !== null && !paper.busy,
  async run() {
    const of = shownOnPaper();
    if (of && of !== paper.of) {
      paper.busy = true;
      const src = await session.ask(() => picture({ plan: String(session.plan!.id), vs: String(session.other!.id), lang: words.lang }));
      paper.busy = false;
      if (src === undefined) return; // of which it was told
      if (paper.src) URL.revokeObjectURL(paper.src);
      Object.assign(paper, { src, of });
      await tick();
      await paper.image?.decode().catch(() => undefined); // a print without its picture is still a table
    }
    print();
  },
};
