import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { colours } from '../state/hash';
import firstEn from './en';
import lateEn from './en-later';
import { browserLang, fill, later, words } from './words.svelte';
import firstZh from './zh';
import lateZh from './zh-later';

const en = { ...firstEn, ...lateEn };
const zh = { ...firstZh, ...lateZh };

const root = join(import.meta.dirname, '..');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(ts|svelte)$/.test(f) && !/\.(test|gen)\./.test(f));
const text = (f: string) => readFileSync(join(root, f), 'utf8');

describe('the catalogue', () => {
  test('has every sentence the screens ask for', () => {
    const asked = sources.flatMap((f) => [...text(f).matchAll(/['"`]((?:web|renewal|cli|land)\.[a-z_.]+[a-z])['"`]/g)].map((m) => m[1]!));
    expect(asked.length).toBeGreaterThan(80);
    expect([...new Set(asked)].filter((k) => !(k in en) || !(k in zh))).toEqual([]);
  });

  test('has a word for every class the server can name', () => {
    const families: Record<string, string[]> = {
      'web.queue.': ['unsupplied', 'stock', 'idle', 'inefficient'],
      'web.stage.': ['unsupplied', 'supplied_unused', 'under_built', 'not_operating', 'below_standard', 'in_full_use', 'unknown'],
      'land.stage.': ['unsupplied', 'supplied_unused', 'under_built', 'not_operating', 'below_standard', 'in_full_use'],
      'web.standing.': ['in', 'kept', 'out'],
      'web.class.': ['administrative', 'registry', 'declared', 'statistical', 'open', 'derived'],
      'web.kind.': ['parcel', 'firm', 'block', 'project', 'town', 'plan'],
      'web.colour.': [...colours],
      'renewal.status.': ['optimal', 'feasible', 'infeasible', 'interrupted'],
      'web.data.state.': ['receiving', 'waiting', 'reviewing', 'ready', 'asking', 'refused', 'failed', 'committing', 'committed'],
      'web.data.kind.': ['refused', 'repaired', 'new', 'changed', 'same'],
      'web.data.why.': ['name', 'values', 'measured', 'city', 'table', 'catalogue', 'header', 'given', 'floor'],
      'noun.': ['parcel', 'firm', 'firm_year', 'holding', 'building', 'project', 'town', 'way'],
      'renewal.handling.': ['keep', 'refit', 'raise', 'clear'],
      'renewal.condition.': ['sound', 'worn', 'unsafe'],
      'severity.': ['refused', 'repaired', 'noted'],
      'web.mode.': ['clear', 'vertical', 'convert', 'reserve', 'upgrade', 'topup', 'reclaim', 'swap'],
    };
    const missing = Object.entries(families).flatMap(([family, keys]) => keys.map((k) => family + k)).filter((k) => !(k in zh));
    expect(missing).toEqual([]);
  });

  test('has at first what is said without later()', () => {
    const atFirst = reached('main.ts');
    expect(atFirst.size).toBeGreaterThan(80);
    for (const opened of ['data/DataRoom.svelte', 'renewal/StudyForm.svelte', 'land/Trace.svelte']) expect([...atFirst]).not.toContain(opened);
    const families = (part: string) => Object.keys(en).filter((k) => k.startsWith(part));
    const missing = [...atFirst].flatMap((f) =>
      [...text(f).matchAll(/['"`]([a-z]+\.[a-z_.]*)(\$\{)?/g)]
        .filter(([, key, open]) => (open ? families(key!).length > 0 && families(key!).every((k) => k in lateEn) : key! in lateEn))
        .map(([, key]) => `${f}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  test('is the same in both languages, at first and later', () => {
    expect(Object.keys(firstZh).sort()).toEqual(Object.keys(firstEn).sort());
    expect(Object.keys(lateZh).sort()).toEqual(Object.keys(lateEn).sort());
    expect(Object.keys(lateEn).filter((k) => k in firstEn)).toEqual([]);
  });

  test('no words stand in the markup itself', () => {
    // Between tags only signs, figures and {expressions} may stand.
    const bare = sources.filter((f) => f.endsWith('.svelte')).flatMap((f) => {
      const markup = text(f).replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, '');
      const outside = strip(markup);
      return [...outside.matchAll(/>([^<>]*)</g)].map((m) => m[1]!.replace(/&[a-z]+;/g, '').trim()).filter((s) => /\p{L}{2,}/u.test(s)).map((s) => `${f}: ${s}`);
    });
    expect(bare).toEqual([]);
  });
});

/** The files that a file imports, and those import, other than by later(). */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const named = [...text(file).matchAll(/(?<!later\()(?:\bfrom |\bimport |\bimport\()'(\.[^']*)'/g)].map((m) => join(dirname(join(root, file)), m[1]!));
  for (const path of named) {
    const found = [path, `${path}.ts`, `${path}.svelte`].find((p) => /\.(ts|svelte)$/.test(p) && existsSync(p));
    if (found) reached(relative(root, found), seen);
  }
  return seen;
}

test('what is said later comes with the first screen that says it, and in each language spoken after', async () => {
  const [key] = Object.keys(lateEn) as [string];
  await words.speak('en');
  expect(words.has(key)).toBe(false);
  expect(await later(Promise.resolve('screen'))).toBe('screen');
  expect(words.t(key)).toBe(lateEn[key]);
  await words.speak('zh');
  expect(words.t(key)).toBe(lateZh[key]);
});

/** Takes {…} out, nested braces included. */
function strip(markup: string): string {
  let depth = 0;
  let out = '';
  for (const c of markup) {
    if (c === '{') depth++;
    else if (c === '}') depth--;
    else if (depth === 0) out += c;
  }
  return out.replaceAll('=>', '');
}

test('placeholders are filled once and unknown ones stay', () => {
  expect(fill('{a} of {b}', { a: '{b}', b: 2 })).toBe('{b} of 2');
  expect(fill('{who}', {})).toBe('{who}');
  expect([1, '1', 0, 2].map((n) => fill('{n} {n|parcel is|parcels are} in', { n }))).toEqual(['1 parcel is in', '1 parcel is in', '0 parcels are in', '2 parcels are in']);
  expect(fill('{n|parcel|parcels}', {})).toBe('{n|parcel|parcels}');
});

test('the browser decides the first language', () => {
  expect(browserLang(['zh-Hans-CN', 'en'])).toBe('zh');
  expect(browserLang(['de', 'zh'])).toBe('en');
  expect(browserLang([])).toBe('en');
});
