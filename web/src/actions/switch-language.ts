import { session } from '../state/session.svelte';
import { words, type Lang } from '../words/words.svelte';
import type { Action } from './action';

/** Shows the screens in a language. */
export const switchLanguage: Action<[lang: Lang]> = {
  name: 'switch-language',
  label: 'web.action.language',
  async run(lang) {
    await words.speak(lang).catch(() => (session.notice = { key: 'unloaded', error: true })); // it goes on in the other
  },
};
