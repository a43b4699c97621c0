// Opens the page of a server in a headless Chromium that draws by software, and
// measures what a planner waits for. Usage: node browser.mjs URL web/package.json
//
// Rows: what, n, p50_ms, p95_ms, max_ms. "first map" is from the start of the
// navigation until everything in view is drawn; "pan tile" a tile's request to its
// last byte while the map is dragged; "select" from letting go of the mouse until the
// totals of some 500 parcels are read; "script kB" what the page loads first.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

const [, , url, web] = process.argv;
const { chromium } = createRequire(web)('playwright-core');
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find((p) => p && existsSync(p));
const size = { width: 1366, height: 768 };
const runs = 3, wanted = 500;

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--headless=new', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking'],
});
const rows = [];
console.log('what\tn\tp50_ms\tp95_ms\tmax_ms');
const row = (what, values) => {
  const v = [...values].sort((a, b) => a - b);
  const at = (q) => (v.length ? v[Math.min(v.length - 1, Math.floor(q * v.length))].toFixed(0) : '-');
  rows.push([what, v.length, at(0.5), at(0.95), at(1)]);
  console.log(rows.at(-1).join('\t'));
};

/** A new page that notes when its map is first drawn whole. */
async function open(hash = '') {
  const page = await (await browser.newContext({ viewport: size, locale: 'en-GB' })).newPage();
  await page.addInitScript(() => {
    new MutationObserver(() => {
      const map = document.querySelector('[data-testid=map]');
      if (map?.getAttribute('data-idle') === 'true') window.firstMap ??= performance.now();
      if (map) window.firstFrame ??= performance.now();
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-idle'] });
  });
  await page.goto(url + '/' + hash);
  return page;
}
const idle = (page) => page.locator('[data-testid=map][data-idle=true]').waitFor({ timeout: 60_000 });

// First map, each time in a browser without a cache.
const first = [];
let scripts = 0;
for (let n = 0; n < runs; n++) {
  const page = await open();
  await page.waitForFunction(() => window.firstMap, null, { timeout: 60_000 });
  first.push(await page.evaluate(() => window.firstMap));
  if (n === 0) {
    const first = await page.evaluate(() => [...document.querySelectorAll('script[src],link[rel=modulepreload]')].map((e) => e.src || e.href));
    for (const s of first) scripts += gzipSync(Buffer.from(await (await fetch(s)).arrayBuffer())).length;
  }
  await page.context().close();
}
row('first map', first);

// Panning where single parcels are drawn.
const city = await (await fetch(url + '/api/city')).json();
const [w, s, e, n] = city.extent;
const middle = [(w + e) / 2, (s + n) / 2];
const page = await open(`#map=14/${middle[1].toFixed(5)}/${middle[0].toFixed(5)}`);
await idle(page);
const pans = [];
page.on('requestfinished', (r) => {
  const t = r.timing();
  if (new URL(r.url()).pathname.startsWith('/tiles/')) pans.push(t.responseEnd);
});
const box = await page.getByTestId('map').boundingBox();
const centre = [box.x + box.width / 2, box.y + box.height / 2];
for (let k = 0; k < 9; k++) {
  const [dx, dy] = [[-350, 0], [0, -220], [-300, -150]][k % 3];
  await page.mouse.move(centre[0] - dx / 2, centre[1] - dy / 2);
  await page.mouse.down();
  await page.mouse.move(centre[0] + dx / 2, centre[1] + dy / 2, { steps: 8 });
  await page.mouse.up();
  await idle(page);
}
row('pan tile', pans);

// Selecting: the rectangle grows until it holds about as many as wanted.
const selected = [];
const counts = [];
let half = 60;
await page.evaluate(() => {
  addEventListener('mouseup', () => (window.released = performance.now()), true);
  new MutationObserver(() => {
    const bar = document.querySelector('[data-testid=selection]');
    const said = bar?.innerText ?? '';
    if (said !== window.said && /\d/.test(said)) [window.said, window.told] = [said, performance.now()];
  }).observe(document, { subtree: true, childList: true, characterData: true });
});
for (let k = 0; k < 10; k++) {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Deselect', exact: true }).click({ timeout: 1000 }).catch(() => {});
  await page.evaluate(() => (window.said = undefined));
  await page.keyboard.down('Shift');
  await page.mouse.move(centre[0] - half * 1.4, centre[1] - half);
  await page.mouse.down();
  await page.mouse.move(centre[0] + half * 1.4, centre[1] + half, { steps: 5 });
  await page.evaluate(() => (window.told = undefined));
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.waitForTimeout(2500);
  const got = await page.evaluate(() => ({ ms: window.told - window.released, said: document.querySelector('[data-testid=selection]')?.innerText ?? '' }));
  const count = Number((got.said.match(/([\d,]+) selected/) ?? got.said.match(/([\d,]+)/) ?? [])[1]?.replaceAll(',', ''));
  if (!count) {
    half = Math.min(half * 1.3, 260);
    continue;
  }
  if (count > wanted * 0.8 && count < wanted * 1.25) {
    selected.push(got.ms);
    counts.push(count);
  }
  half = Math.min(260, half * Math.min(1.5, Math.max(0.6, Math.sqrt(wanted / count))));
}
row('select', selected);
await browser.close();

console.log(`script kB\t1\t${(scripts / 1024).toFixed(0)}\t\t`);
console.log(`summary\tfirst_map_ms=${rows[0][2]}\tpan_p95_ms=${rows[1][3]}\tselect_ms=${rows[2][2]}\tselected=${counts.join(',')}\tscript_kb=${(scripts / 1024).toFixed(0)}`);
