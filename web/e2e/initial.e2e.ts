// What a browser loads before the first map: the page, all it imports, the map library,
// the words of one language, and the bar of drawing by hand, which comes unasked where
// plans can be made (src/App.svelte). The map's workers and the style sheets are apart.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { root } from './build';

const most = 400_000; // bytes, gzipped
const dist = join(root, 'web', 'dist');
const read = (file: string) => readFileSync(join(dist, file), 'utf8');

/** The one chunk of that name. */
function chunk(name: string): string {
  const found = readdirSync(join(dist, 'assets')).filter((f) => f.startsWith(`${name}-`) && /^.{8}\.js$/.test(f.slice(name.length + 1)));
  expect(found, `chunks named ${name}`).toHaveLength(1);
  return `assets/${found[0]}`;
}

/** Adds a chunk and all it imports before it runs. */
function load(file: string, seen: Map<string, number>) {
  if (seen.has(file)) return;
  const code = read(file);
  seen.set(file, gzipSync(code).length);
  for (const [, other] of code.matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) load(`assets/${other}`, seen);
}

test.each(['en', 'zh'])('the JavaScript before the first map is at most 400 kB: %s', (lang) => {
  const seen = new Map<string, number>();
  const page = [...read('index.html').matchAll(/(?:src|href)="[./]*(assets\/[^"]+\.js)"/g)].map((m) => m[1]!);
  expect(page.length, 'scripts of the page').toBeGreaterThan(0);
  for (const file of [...page, chunk('library'), chunk(lang), chunk('DraftBar')]) load(file, seen);
  const sum = [...seen.values()].reduce((a, b) => a + b, 0);
  const largest = [...seen].sort((a, b) => b[1] - a[1]).slice(0, 6).map(([file, n]) => `${file} ${(n / 1000).toFixed(1)} kB`);
  expect(seen.size, 'files asked for one after the other, or beside each other').toBeLessThanOrEqual(12);
  expect(sum, `${(sum / 1000).toFixed(1)} kB, the largest of it: ${largest.join(', ')}`).toBeLessThanOrEqual(most);
});
