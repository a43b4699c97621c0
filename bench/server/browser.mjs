// Opens the page of a server in a headless Chromium that draws by software, and
// measures what a planner waits for. Usage: node browser.mjs URL web/package.json
//
// Rows: what, n, p50_ms, p95_ms, max_ms. "first map" is from the start of the
// navigation until everything in view is drawn, the first of them in a browser just
// started; "pan tile" a tile's request to its last byte while the map is dragged;
// "select" from letting go of the mouse until the totals of some 500 parcels are on the
// screen, "select city" the same for a rectangle around the whole city; "lock" from the
// click that locks the 500 until they stand in the list and are stored, "undo" back
// again; "api …" the requests behind them, asked one after the other. Scripts, those
// of the map's workers apart, and styles are what was loaded before the first map, gzipped.
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
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-idle'] });
  });
  await page.goto(url + '/' + hash);
  return page;
}
const idle = (page) => page.locator('[data-testid=map][data-idle=true]').waitFor({ timeout: 60_000 });

// First map, each time in a browser without a cache.
const first = [];
const loaded = { script: 0, worker: 0, style: 0 };
for (let n = 0; n < runs; n++) {
  const page = await open();
  await page.waitForFunction(() => window.firstMap, null, { timeout: 60_000 });
  first.push(await page.evaluate(() => window.firstMap));
  if (n === 0) {
    const all = await page.evaluate(() => performance.getEntriesByType('resource').filter((e) => e.startTime < window.firstMap).map((e) => e.name));
    for (const file of new Set(all)) {
      const kind = { js: /worker/.test(file) ? 'worker' : 'script', css: 'style' }[new URL(file).pathname.split('.').at(-1)];
      if (kind) loaded[kind] += gzipSync(Buffer.from(await (await fetch(file)).arrayBuffer())).length;
    }
  }
  await page.context().close();
}
row('first map', first);

const get = async (path) => (await fetch(url + path)).json();
const post = async (path, body) => (await fetch(url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json();
const city = await get('/api/city');
const [w, s, e, n] = city.extent;
const corners = ([w, s, e, n]) => [[w, s], [e, s], [e, n], [w, n]];

// The square of some 500 parcels around a parcel that has land on all sides: of a few
// taken here and there the one with the smallest.
const some = (await get('/ogc/collections/parcels/items?limit=10000')).features.map((f) => f.id);
const { at } = await post('/api/places', { parcels: Array.from({ length: 12 }, (_, k) => some[Math.floor(((k + 0.5) / 12) * some.length)]) });
let best;
for (const [lon, lat] of at) {
  let [low, high] = [0, 0.2];
  const square = (r) => [lon - r, lat - r * 0.66, lon + r, lat + r * 0.66];
  for (let k = 0; k < 14; k++) {
    const r = (low + high) / 2;
    if ((await post('/api/within', { ring: corners(square(r)), candidates: false })).found < wanted) low = r;
    else high = r;
  }
  if (!best || high < best.r) best = { r: high, box: square(high), centre: [lon, lat] };
}

// Panning where single parcels are drawn.
const page = await open(`#map=14/${best.centre[1].toFixed(5)}/${best.centre[0].toFixed(5)}`);
await idle(page);
const pans = [];
page.on('requestfinished', (r) => {
  const t = r.timing();
  if (new URL(r.url()).pathname.startsWith('/tiles/')) pans.push(t.responseEnd);
});
const frame = await page.getByTestId('map').boundingBox();
const centre = [frame.x + frame.width / 2, frame.y + frame.height / 2];
for (let k = 0; k < 9; k++) {
  const [dx, dy] = [[-350, 0], [0, -220], [-300, -150]][k % 3];
  await page.mouse.move(centre[0] - dx / 2, centre[1] - dy / 2);
  await page.mouse.down();
  await page.mouse.move(centre[0] + dx / 2, centre[1] + dy / 2, { steps: 8 });
  await page.mouse.up();
  await idle(page);
}
row('pan tile', pans);
await page.context().close();

/** Where a place is on the screen, in a map that shows a centre at a zoom. */
function pixel([lon, lat], zoom, middle) {
  const world = 512 * 2 ** zoom;
  const flat = ([lon, lat]) => [((lon + 180) / 360) * world, (0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * world];
  const [p, q] = [flat([lon, lat]), flat(middle)];
  return [centre[0] + p[0] - q[0], centre[1] + p[1] - q[1]];
}

/** A page that shows a box of degrees, and that notes when what a planner waits for is on the screen. */
async function over(box, width) {
  const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const zoom = Math.log2((width * 360) / (512 * (box[2] - box[0])));
  const page = await open(`#map=${zoom.toFixed(2)}/${middle[1].toFixed(5)}/${middle[0].toFixed(5)}`);
  await idle(page);
  const shown = (await page.evaluate(() => location.hash)).match(/map=([\d.]+)\/([\d.-]+)\/([\d.-]+)/).slice(1).map(Number);
  const on = (p) => pixel(p, shown[0], [shown[2], shown[1]]);
  await page.evaluate(() => {
    for (const what of ['mouseup', 'keydown']) addEventListener(what, () => (window.began = performance.now()), true);
    // On the screen: the frame after the one that was asked for when it was written.
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
      const bar = document.querySelector('[data-testid=selection]');
      const totals = bar?.querySelector('dl')?.innerText ?? '';
      if (/\d/.test(totals)) window.totals ??= performance.now();
      const locks = document.querySelector('[data-testid=locks]');
      if (window.locks !== undefined && locks?.dataset.keeping === 'stored' && locks.querySelector('h2 .num').innerText === String(window.locks)) window.kept ??= performance.now();
    }))).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  return { page, on };
}

/** Draws a rectangle with Shift and waits for the totals. */
async function select({ page, on }, box) {
  const [from, to] = [on([box[0], box[3]]), on([box[2], box[1]])];
  await page.keyboard.press('x'); // deselect
  await page.locator('[data-testid=selection]').waitFor({ state: 'detached' });
  await page.evaluate(() => (window.totals = undefined));
  await page.keyboard.down('Shift');
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  // The keyboard is let go after the mouse: the time began with the mouse.
  await page.waitForFunction(() => window.totals, null, { timeout: 60_000 });
  const ms = await page.evaluate(() => window.totals - window.began);
  const count = Number((await page.locator('[data-testid=selection] strong').innerText()).replace(/\D/g, ''));
  await idle(page);
  return { ms, count };
}

const near = await over(best.box, 480);
const [selected, counts] = [[], []];
for (let k = 0; k < 10; k++) {
  const { ms, count } = await select(near, best.box);
  selected.push(ms);
  counts.push(count);
}
row('select', selected);

/** Does something and waits until so many locks are stored. */
async function until(page, locks, act) {
  await page.evaluate((n) => ([window.locks, window.kept] = [n, undefined]), locks);
  await act();
  await page.waitForFunction(() => window.kept, null, { timeout: 60_000 });
  return page.evaluate(() => window.kept - window.began);
}
const [locking, undoing] = [[], []];
const had = (await get('/api/locks')).locks.length;
for (let k = 0; k < 5; k++) {
  const { count } = k === 0 ? { count: counts.at(-1) } : await select(near, best.box);
  locking.push(await until(near.page, had + count, () => near.page.locator('[data-testid=selection] button.in').click()));
  undoing.push(await until(near.page, had, () => near.page.keyboard.press('Control+z')));
}
row('lock', locking);
row('undo', undoing);
await near.page.context().close();

const far = await over([w, s, e, n], 380); // with room for the tools around it
const [whole, wholeCounts] = [[], []];
for (let k = 0; k < 3; k++) {
  const { ms, count } = await select(far, [w, s, e, n]);
  whole.push(ms);
  wholeCounts.push(count);
}
row('select city', whole);
await browser.close();

/** Times a request, asked again and again. */
async function timed(what, times, ask) {
  const ms = [];
  let answer;
  for (let k = 0; k < times; k++) {
    const began = performance.now();
    answer = await ask();
    ms.push(performance.now() - began);
  }
  row(what, ms);
  return answer;
}
const found = await timed('api within', 30, () => post('/api/within', { ring: corners(best.box), candidates: false }));
await timed('api totals', 30, () => post('/api/totals', { parcels: found.parcels, plan: city.plan }));
const every = await timed('api within city', 10, () => post('/api/within', { ring: corners([w, s, e, n]), candidates: false }));
await timed('api totals city', 10, () => post('/api/totals', { parcels: every.parcels, plan: city.plan }));

for (const [kind, bytes] of Object.entries(loaded)) console.log(`${kind} kB\t1\t${(bytes / 1000).toFixed(0)}\t\t`);
const of = (what, column) => rows.find((r) => r[0] === what)[column];
console.log(['summary', `first_map_ms=${of('first map', 2)}`, `pan_p95_ms=${of('pan tile', 3)}`, `select_ms=${of('select', 2)}`, `selected=${counts.join(',')}`,
  `select_city_ms=${of('select city', 2)}`, `selected_city=${wholeCounts.join(',')}`, `lock_ms=${of('lock', 2)}`, `undo_ms=${of('undo', 2)}`, `script_kb=${(loaded.script / 1024).toFixed(0)}`, `worker_kb=${(loaded.worker / 1024).toFixed(0)}`].join('\t'));
