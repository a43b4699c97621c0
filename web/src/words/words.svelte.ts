// The catalogue of words is locale/, shared with the program; one language is loaded
// at a time.
import type { Label } from '../api/types.gen';

export type Lang = 'en' | 'zh';

const loaders: Record<Lang, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import('./en'),
  zh: () => import('./zh'),
};

class Words {
  lang = $state<Lang>('en');
  #catalogue = $state.raw<Record<string, string>>({});

  /** Loads a language and shows it. */
  async speak(lang: Lang) {
    const { default: catalogue } = await loaders[lang]();
    this.#catalogue = catalogue;
    this.lang = lang;
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

export function fill(sentence: string, args: Record<string, string | number>): string {
  return sentence.replace(/\{([a-z_]+)\}/g, (whole, name: string) => (name in args ? String(args[name]) : whole));
}

/** The language of the browser: Chinese for any Chinese, else English. */
export function browserLang(languages: readonly string[]): Lang {
  return languages[0]?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const words = new Words();
export const t = (key: string, args?: Record<string, string | number>) => words.t(key, args);
