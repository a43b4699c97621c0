// How figures are written: one place for all screens, so that a number reads the same
// wherever it stands. Inside, areas are square metres and money is whole units of the
// city's currency (area.go, plottage.go); mu and 万元 exist only here.
import type { Lang } from '../words/words.svelte';

export interface Reader {
  lang: Lang;
  currency: string; // ISO 4217
}

const M2_PER_MU = 10_000 / 15; // 15 mu = 1 ha
const M2_PER_HA = 10_000;

/** A number with about three digits that matter, and separators. */
export function number(v: number, lang: Lang): string {
  const size = Math.abs(v);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 4;
  return v.toLocaleString(lang === 'zh' ? 'zh-CN' : 'en-GB', { maximumFractionDigits: size % 1 === 0 ? 0 : digits });
}

/** An area of land: mu in Chinese, hectares in English. */
export function area(m2: number, lang: Lang): string {
  if (lang === 'zh') return `${number(m2 / M2_PER_MU, lang)} 亩`;
  return m2 < 1000 ? `${number(m2, lang)} m²` : `${number(m2 / M2_PER_HA, lang)} ha`;
}

/** An area of land in both measures, where there is room and both are in use. */
export function areaBoth(m2: number, r: Reader): string {
  if (r.lang === 'zh') return `${area(m2, 'zh')}（${number(m2 / M2_PER_HA, 'zh')} 公顷）`;
  return r.currency === 'CNY' ? `${area(m2, 'en')} (${number(m2 / M2_PER_MU, 'en')} mu)` : area(m2, 'en');
}

/** Floor area, which is counted in square metres in both languages. */
export function floor(m2: number, lang: Lang): string {
  if (lang === 'zh') return m2 >= 10_000 ? `${number(m2 / 10_000, lang)} 万平方米` : `${number(m2, lang)} 平方米`;
  return `${Math.round(m2).toLocaleString('en-GB')} m²`;
}

/** An amount of money: 万元 and 亿元 in Chinese, millions and billions in English. */
export function money(v: number, r: Reader): string {
  const size = Math.abs(v);
  if (r.lang === 'zh') {
    const unit = r.currency === 'CNY' ? '元' : currencyName(r.currency);
    if (size >= 1e8) return `${number(v / 1e8, 'zh')} 亿${unit}`;
    if (size >= 1e4) return `${number(v / 1e4, 'zh')} 万${unit}`;
    return `${number(v, 'zh')} ${unit}`;
  }
  if (size >= 1e9) return `${r.currency} ${number(v / 1e9, 'en')} bn`;
  if (size >= 1e6) return `${r.currency} ${number(v / 1e6, 'en')} m`;
  return `${r.currency} ${Math.round(v).toLocaleString('en-GB')}`;
}

function currencyName(code: string): string {
  try {
    return new Intl.DisplayNames('zh-CN', { type: 'currency' }).of(code) ?? code;
  } catch {
    return code; // not a code of ISO 4217
  }
}

/** A share as a percentage. */
export function share(v: number, lang: Lang): string {
  const percent = v * 100;
  const text = percent.toLocaleString(lang === 'zh' ? 'zh-CN' : 'en-GB', { maximumFractionDigits: Math.abs(percent) < 10 ? 1 : 0 });
  return lang === 'zh' ? `${text}%` : `${text} %`;
}

/** A calendar day in ISO 8601, or the text as it is when it is none. */
export function day(iso: string, lang: Lang): string {
  const m = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso);
  if (!m) return iso;
  const date = new Date(Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3])));
  return date.toLocaleDateString(lang === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: 'UTC', year: 'numeric', month: lang === 'zh' ? 'long' : 'short', day: 'numeric' });
}

const perYear = { zh: '/年', en: ' a year' };
const units: Record<string, { zh: string; en: string }> = {
  tce: { zh: ' 吨标准煤', en: ' tce' },
  t: { zh: ' 吨', en: ' t' },
  person: { zh: ' 人', en: '' },
  MW: { zh: ' 兆瓦', en: ' MW' },
  mu: { zh: ' 亩', en: ' mu' },
  ha: { zh: ' 公顷', en: ' ha' },
  month: { zh: ' 个月', en: ' months' },
  'person/ha': { zh: ' 人/公顷', en: ' a hectare' },
};

/** A value with its unit as the fields and rules of the city name it. */
export function withUnit(value: string | number | boolean, unit: string, r: Reader, yesNo: [string, string]): string {
  if (typeof value === 'boolean') return value ? yesNo[0] : yesNo[1];
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d$/.test(value) ? day(value, r.lang) : value;
  const [first, ...per] = unit.split('/');
  if (first === 'money') return money(value, r) + per.map((p) => perUnit(p, r.lang)).join('');
  if (unit === 'm2') return floor(value, r.lang);
  if (unit === 'share') return share(value, r.lang);
  if (unit === 'year') return String(Math.round(value));
  return number(value, r.lang) + (units[unit]?.[r.lang] ?? (unit ? ` ${unit}` : ''));
}

function perUnit(unit: string, lang: Lang): string {
  if (unit === 'year') return perYear[lang];
  const names: Record<string, { zh: string; en: string }> = {
    mu: { zh: '亩', en: 'mu' }, m2: { zh: '平方米', en: 'm²' }, person: { zh: '人', en: 'person' }, tce: { zh: '吨标准煤', en: 'tce' }, t: { zh: '吨', en: 't' },
  };
  const name = names[unit]?.[lang] ?? unit;
  return lang === 'zh' ? `/${name}` : ` per ${name}`;
}
