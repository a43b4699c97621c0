// The catalogue of words is locale/, shared with the program; one language is loaded
// at a time, what only screens opened later say with the first of them.
import { untrack } from 'svelte';
import type { Label } from '../api/types.gen';

export type Lang = 'en' | 'zh';
type Loaders = Record<Lang, () => Promise<{ default: Record<string, string> }>>;

const first: Loaders = { en: () => import('./en'), zh: () => import('./zh') };
const rest: Loaders = { en: () => import('./en-later'), zh: () => import('./zh-later') };

class Words {
  lang = $state<Lang>('en');
  #catalogue = $state.raw<Record<string, string>>({});
  #whole = false; // what is said later is wanted too

  /** Loads a language and shows it. */
  async speak(lang: Lang) {
    const { default: catalogue } = await first[lang]();
    this.#catalogue = this.#whole ? { ...catalogue, ...(await rest[lang]()).default } : catalogue;
    this.lang = lang;
  }

  /** Loads what only screens opened later say, now and in each language spoken after. */
  async whole(): Promise<void> {
    const lang = untrack(() => this.lang);
    this.#whole = true;
    const { default: more } = await rest[lang]();
    if (lang !== this.lang) return this.whole(); // another was chosen meanwhile
    if (!(Object.keys(more)[0]! in this.#catalogue)) this.#catalogue = { ...this.#catalogue, ...more };
  }

  /** The sentence of a key, or the key in brackets, so that a gap is seen. */
  t(key: string, args: Record<string, string | number> = {}): string {
    return fill(this.#catalogue[key] ?? `[${key}]`, args);
  }

  has(key: string): boolean {
    return key in this.#catalogue;
  }

  /** A word the city brings in both languages. */
  of(label: Label): string {
    return this.lang === 'zh' ? label.zh || label.en : label.en || label.zh;
  }
}

/** With a capital, where words that stand inside sentences too stand alone. */
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Each {name} is replaced by the argument of that name, each {name|one|many} by what fits its number. */
export function fill(sentence: string, args: Record<string, string | number>): string {
  return sentence.replace(/\{([a-z_]+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (whole, name: string, one?: string, many?: string) =>
    !(name in args) ? whole : one === undefined ? String(args[name]) : String(args[name]) === '1' ? one : many!);
}

/** The language of the browser: Chinese for any Chinese, else English. */
export function browserLang(languages: readonly string[]): Lang {
  return languages[0]?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const words = new Words();

/** A screen that is opened later, with its words: later(import('./Screen.svelte')). */
export const later = async <T>(screen: Promise<T>): Promise<T> => (await Promise.all([screen, words.whole()]))[0];

export const t = (key: string, args?: Record<string, string | number>) => words.t(key, args);
