// How figures are written: one place for all screens, so that a number reads the same
// wherever it stands, and the same as in the program's reports: figures.json holds what
// internal/figure writes, and a test compares. Inside, areas are square metres and money
// is whole units of the city's currency; mu and 万元 exist only here.
import { words, type Lang } from '../words/words.svelte';

export interface Reader {
  lang: Lang;
  currency: string; // ISO 4217
}

const M2_PER_MU = 10_000 / 15; // 15 mu = 1 ha
const M2_PER_HA = 10_000;

/** So many digits after the point, a comma every three before it; half away from zero. */
export function fixed(v: number, after: number): string {
  if (!Number.isFinite(v)) return '–';
  const scale = 10 ** after;
  const text = (Math.round(Math.abs(v) * scale) / scale).toFixed(after);
  const [whole, fraction] = text.split('.') as [string, string?];
  const sign = v < 0 && /[1-9]/.test(text) ? '-' : '';
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ? `.${fraction}` : '');
}

/** At least so many significant digits and every digit before the point. */
export function digits(v: number, significant = 3): string {
  const a = Math.abs(v);
  if (a === 0 || !Number.isFinite(a)) return fixed(v, 0);
  const before = Math.floor(Math.log10(a)) + 1;
  const text = fixed(v, Math.min(Math.max(0, significant - before), 6));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A whole number with separators. */
export const count = (n: number) => fixed(n, 0);

const say = (key: string, args: Record<string, string>) => words.t(`figure.${key}`, args);

/** Sets Latin letters and digits apart from the Chinese beside them by a space, as internal/figure does. */
export function apart(words: string): string {
  return words.replace(/([0-9A-Za-z])(?=\p{Script=Han})|(\p{Script=Han})(?=[0-9A-Za-z])/gu, '$& ');
}

/** The word of the currency: 元, 美元; CNY, USD. */
export function currencyWord(r: Reader): string {
  const key = `figure.currency.${r.currency.toLowerCase()}`;
  return r.lang === 'zh' && words.has(key) ? words.t(key) : r.currency;
}

/** An amount of money: 万元 and 亿元 in Chinese, millions and billions in English. */
export function money(v: number, r: Reader): string {
  const sizes: [string, number][] = r.lang === 'zh' ? [['yi', 1e8], ['wan', 1e4], ['one', 1]] : [['bn', 1e9], ['m', 1e6], ['one', 1]];
  const [key, unit] = sizes.find(([, u]) => Math.abs(v) >= u * 0.9995) ?? ['one', 1];
  return say(`money.${key}`, { n: digits(v / unit), currency: currencyWord(r) });
}

/** Two amounts of money that read apart: in full where both would read the same. */
export function moneyApart(a: number, b: number, r: Reader): [string, string] {
  const [x, y] = [money(a, r), money(b, r)];
  if (x !== y || a === b) return [x, y];
  const full = (v: number) => say('money.one', { n: count(v), currency: currencyWord(r) });
  return [full(a), full(b)];
}

/** Sizes in which options write money: 10亿 and 5000万, 1 bn and 50 mn. */
const sizesWritten: Record<Lang, [string, number][]> = { zh: [['亿', 1e8], ['万', 1e4]], en: [[' bn', 1e9], [' mn', 1e6]] };

/** The amounts of an option as a reader of a language writes them: 1e9 is 10亿 or 1 bn of money, 30万 of floor is 300000. */
export function written(option: string, lang: Lang, money: boolean): string {
  const sizes = money ? sizesWritten[lang] : [];
  return option.replaceAll('_', '').replace(/(\d+(?:\.\d+)?(?:e\d+)?)(?:\s*(亿|万|bn|mn|m))?(?![\w.%])/g, (all, n: string, unit?: string) => {
    if (!money && (lang === 'zh' || !unit)) return all;
    const v = Number((Number(n) * (unit ? powers[unit]! : 1)).toPrecision(12));
    const [word, size] = sizes.find(([, u]) => v >= u) ?? ['', 1];
    return `${Number((v / size).toPrecision(12))}${word}`;
  });
}
const powers: Record<string, number> = { 亿: 1e8, 万: 1e4, bn: 1e9, mn: 1e6, m: 1e6 };

/** An area of land in full: mu with hectares where land is counted in mu, else hectares. */
export function areaFull(m2: number, r: Reader): string {
  const key = r.currency === 'CNY' ? 'area.mu' : 'area.ha';
  return say(key, { mu: digits(m2 / M2_PER_MU), ha: digits(m2 / M2_PER_HA) });
}

/** An area of land in one measure, for lists and sentences. */
export function area(m2: number, r: Reader): string {
  const [unit, per] = r.currency === 'CNY' ? (['mu', M2_PER_MU] as const) : (['ha', M2_PER_HA] as const);
  return `${digits(m2 / per)} ${words.t(`figure.column.${unit}`)}`;
}

/** Floor area, which is counted in square metres. */
export function floor(m2: number, r: Reader): string {
  if (r.lang === 'zh' && Math.abs(m2) >= 1e4) return say('floor.wan', { n: digits(m2 / 1e4) });
  return say('floor.one', { n: digits(m2) });
}

/** A share of one in per cent. */
export function share(x: number): string {
  const p = 100 * x;
  const a = Math.abs(p);
  return say('share', { n: fixed(p, a >= 99.95 || a < 0.05 ? 0 : 1) });
}

/** A difference of shares. */
export const points = (x: number) => say('points', { n: fixed(100 * x, 1) });

/** A calendar day in ISO 8601, or the text as it is when it is none. */
export function day(iso: string, lang: Lang): string {
  const m = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso);
  if (!m) return iso;
  const date = new Date(Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3])));
  return date.toLocaleDateString(lang === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: 'UTC', year: 'numeric', month: lang === 'zh' ? 'long' : 'short', day: 'numeric' });
}

/** A moment in ISO 8601 by the clock of who reads, with its day unless it is today. */
export function moment(iso: string, lang: Lang, now = new Date()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const locale = lang === 'zh' ? 'zh-CN' : 'en-GB';
  const time = at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  return at.toDateString() === now.toDateString() ? time : `${at.toLocaleDateString(locale, { month: lang === 'zh' ? 'long' : 'short', day: 'numeric' })} ${time}`;
}

/** An amount a year in the size people speak of: 万元, millions. */
function yearly(v: number, r: Reader): string {
  const word = currencyWord(r);
  const [size, n, currency] = r.lang === 'zh' ? [1e4, digits(v / 1e4), `万${word}`] : [1e6, `${digits(v / 1e6)} mn`, word];
  return words.t('land.unit.money_per_year', Math.abs(v) >= size ? { n, currency } : { n: digits(v), currency: word });
}

/** A value with its unit as the fields and rules of the city name it. */
export function withUnit(value: string | number | boolean, unit: string, r: Reader): string {
  if (typeof value === 'boolean') return words.t(value ? 'web.yes' : 'web.no');
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d$/.test(value) ? day(value, r.lang) : value;
  switch (unit) {
    case 'money':
      return money(value, r);
    case 'm2':
      return floor(value, r);
    case 'share':
      return share(value);
    case 'year':
      return String(Math.round(value));
    case '':
      return digits(value);
  }
  if (unit === 'money/year') return yearly(value, r);
  const key = `land.unit.${unit.replaceAll('/', '_per_')}`;
  // A rate is written in whole units: 23,000 yuan per mu compares with a rule's 20,000.
  return words.has(key) ? words.t(key, { n: digits(value), currency: currencyWord(r) }) : `${digits(value)} ${unit}`;
}
