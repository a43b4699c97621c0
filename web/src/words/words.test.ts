import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { colours } from '../state/hash';
import en from './en';
import { browserLang, fill } from './words.svelte';
import zh from './zh';

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
});

test('the browser decides the first language', () => {
  expect(browserLang(['zh-Hans-CN', 'en'])).toBe('zh');
  expect(browserLang(['de', 'zh'])).toBe('en');
  expect(browserLang([])).toBe('en');
});
