// A basemap beside the city: one file, read by the program itself.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { CityInfo } from '../src/api/types.gen';
import { executable, launch } from './browser';
import { root } from './build';
import { laptop, phone, Planner } from './planner';
import { Site } from './site';

describe.skipIf(!executable)('a planner with a basemap', () => {
  let browser: Browser;
  let planner: Planner;
  const sites: Site[] = [];
  const dir = mkdtempSync(join(tmpdir(), 'plottage-basemap-'));
  const middle = { lon: 120.06, lat: 29.3 }; // of the made-up city
  const river = { lon: middle.lon, lat: middle.lat - 0.047 }; // of the made-up country, outside the city
  const south = `map=13.5/${river.lat}/${river.lon}`;

  beforeAll(async () => {
    browser = await launch();
    for (const form of ['protomaps', 'other', 'pictures']) {
      execFileSync('go', ['run', './internal/pmtiles/pmtilestest/write', '-lon', String(middle.lon), '-lat', String(middle.lat), '-form', form, file(form)], { cwd: root, stdio: 'inherit' });
    }
    writeFileSync(file('photo'), 'no archive');
  });
  afterAll(async () => {
    await browser?.close();
    for (const s of sites) await s.stop();
    rmSync(dir, { recursive: true });
  });
  afterEach(async () => {
    planner.hasNoComplaint(); // no request to another host either
    await planner.leaves();
  });

  const file = (form: string) => join(dir, `${form}.pmtiles`);
  const shows = (who: Planner) => expect.poll(() => who.colourAt(river), { timeout: 20_000 });
  const sits = async (form: string, link: string, size = laptop) => {
    const site = await Site.start(inject('program'), '-basemap', file(form));
    sites.push(site);
    planner = await Planner.sitsDown(browser, site, size);
    await planner.opensCity(link);
    await planner.waitsForTheMap();
    return site;
  };

  test('sees it under the parcels, hides it, and finds it hidden the next day', async () => {
    await sits('protomaps', `#lang=en&${south}`);
    await planner.sees('Basemap: © OpenStreetMap made up');
    const asked: string[] = [];
    planner.page.on('request', (r) => asked.push(r.url()));
    const shown = await planner.colourAt(river);
    await planner.photographs('basemap-en');
    await planner.findsNoBarrier();
    await planner.presses('a');
    await shows(planner).not.toBe(shown);
    const plain = await planner.colourAt(river);
    expect(await planner.page.getByText('© OpenStreetMap').count(), 'what is not shown is not owed').toBe(0);
    await planner.page.reload();
    expect(await planner.colourAt(river), 'remembered').toBe(plain);
    await planner.page.locator('aside').getByLabel('Basemap').check();
    await shows(planner).toBe(shown);
    await planner.button('Basemap').click();
    await shows(planner).toBe(plain);
    expect(asked.some((url) => url.includes('/basemap/'))).toBe(true);
  });

  test('leaves the parcels of the plan as they are', async () => {
    await sits('pictures', '#lang=en&by=plan');
    const parcel = (await planner.plan()).blocks[0]!.parcels[0]!;
    const shown = await planner.colourOf(parcel);
    await planner.photographs('basemap-picture-en');
    await planner.presses('a');
    expect(await planner.colourOf(parcel)).toBe(shown);
  });

  test('shares it by a link to look', async () => {
    const site = await sits('protomaps', '#lang=en&room=handover');
    await planner.page.getByLabel('For whom').fill('the mayor');
    await planner.button('Make a link').click();
    const link = (await planner.page.locator('code').filter({ hasText: '/s/' }).innerText()).trim();
    const mayor = await Planner.sitsDown(browser, site);
    await mayor.page.goto(`${link.split('#')[0]}#lang=en&${south}`);
    await mayor.waitsForTheMap();
    const shown = await mayor.colourAt(river);
    await mayor.presses('a');
    await shows(mayor).not.toBe(shown);
    mayor.hasNoComplaint();
    await mayor.leaves();
  });

  test.each([['en', 'follow no schema known here'], ['zh', '不属于这里认识的任何规范']] as const)('sees lines and areas of a file of another schema (%s)', async (lang, words) => {
    await sits('other', `#lang=${lang}&${south}`);
    await planner.sees(words, planner.page.locator('aside'));
    const shown = await planner.colourAt(river);
    await planner.presses('a');
    await shows(planner).not.toBe(shown);
  });

  test.each([['en', 'photo.pmtiles is not a PMTiles archive'], ['zh', 'photo.pmtiles 不是 PMTiles 文件']] as const)('is told in words that a file is none, and has the map (%s)', async (lang, words) => {
    await sits('photo', `#lang=${lang}`);
    await planner.sees(words, planner.page.locator('aside'));
    expect(await planner.button(lang === 'en' ? 'Basemap' : '底图').count()).toBe(0);
    await planner.clicksParcel((await planner.plan()).blocks[0]!.parcels[0]!);
    await planner.seesParcel((await planner.plan()).blocks[0]!.parcels[0]!);
  });

  test('keeps the map when the file is cut short while it is shown', async () => {
    const site = await sits('protomaps', '#lang=en&map=10/29.3/120.06');
    truncateSync(file('protomaps'), 300);
    await planner.page.goto('about:blank');
    await planner.opensCity('#lang=en&map=13/29.3/120.06');
    await planner.waitsForTheMap();
    await planner.sees('Parts of protomaps.pmtiles cannot be read', planner.page.locator('aside'));
    const torn = await fetch(`${site.url}/basemap/${((await (await fetch(`${site.url}/api/city`)).json()) as CityInfo).basemap!.tag}/13/6828/3397`);
    expect(torn.status).toBe(400);
    expect(planner.complaints.every((c) => c.includes('Failed to load resource')), planner.complaints.join()).toBe(true);
    planner.complaints.length = 0; // the browser's own words of the tiles that are gone
  });

  test.each([['zh'], ['en']] as const)('has it on a phone (%s)', async (lang) => {
    await sits('pictures', `#lang=${lang}`, phone);
    await planner.findsNothingCutOff();
    await planner.findsNoBarrier();
    await planner.photographs(`basemap-phone-${lang}`);
    await planner.button(lang === 'en' ? 'Basemap' : '底图').click();
    await expect.poll(() => planner.page.getByText('© Surveyor').count()).toBe(0);
  });
});
