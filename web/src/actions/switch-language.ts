import { words, type Lang } from '../words/words.svelte';
import type { Action } from './action';

/** Shows the screens in a language. */
export const switchLanguage: Action<[lang: Lang]> = {
  name: 'switch-language',
  label: 'web.action.language',
  run: (lang) => words.speak(lang),
};
