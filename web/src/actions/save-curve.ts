import { save } from '../handover/api';
import { session } from '../state/session.svelte';
import { studies } from '../state/studies.svelte';
import { words } from '../words/words.svelte';
import type { Action } from './action';

/** Saves the curve with its knee and a map of each plan as one page to send on. */
export const saveCurve: Action = {
  name: 'save-curve',
  label: 'web.study.save',
  can: () => studies.frontier !== null && studies.open === 'frontier',
  async run() {
    const study = studies.frontier;
    if (study) await session.ask(() => save('html', { lang: words.lang, study: String(study.run) }));
  },
};
