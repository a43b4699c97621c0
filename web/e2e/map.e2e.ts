import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { yearColours } from '../src/map/palette';
import { executable, launch } from './browser';
import { phone, Planner } from './planner';
import { Site } from './site';

describe.skipIf(!executable)('a planner looks at the plan', () => {
  let browser: Browser;
  let site: Site;
  let planner: Planner;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), Site.start(inject('program'))]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });
  afterEach(async () => {
    planner.hasNoComplaint();
    await planner.leaves();
  });

  test('sees blocks by year, and what is in one of them', async () => {
    planner = await Planner.sitsDown(browser, site);
    await planner.opensCity();
    await planner.sees('CNY 1.31 bn');
    await planner.sees(/No plan can beat this by more than 3.2 %/);
    const plan = await planner.plan();
    const block = plan.blocks[1]!;
    await planner.picksBlock(block.id);
    await planner.sees(`Works start in ${block.year}`, planner.drawer);
    await planner.sees(/vacant floor in/, planner.drawer);
    await planner.waitsForTheMap();
    const years = yearColours(plan.years.length);
    expect(await planner.colourOf(block.parcels[0]!)).toBe(years[plan.years.indexOf(block.year)]);
    await planner.photographs('block-en');
  });

  test('finds the map where it was left when a panel closes', async () => {
    planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en');
    const block = (await planner.plan()).blocks[1]!;
    await planner.picksBlock(block.id);
    await planner.waitsForTheMapToStand();
    const map = (await planner.page.getByTestId('map').boundingBox())!;
    const [x, y] = [map.x + map.width / 3, map.y + map.height / 2];
    await planner.page.mouse.move(x, y);
    await planner.page.mouse.down();
    await planner.page.mouse.move(x + 120, y + 60, { steps: 6 });
    await planner.page.mouse.up();
    await planner.waitsForTheMapToStand();
    const left = new URL(planner.page.url()).hash.match(/map=[^&]+/)?.[0];
    await planner.button('Close').click();
    await planner.seesNoDrawer();
    await planner.waitsForTheMapToStand();
    expect(new URL(planner.page.url()).hash).toContain(left);
  });

  test('sees that the map waits for its tiles, and that it is done', async () => {
    planner = await Planner.sitsDown(browser, site);
    let slow = () => {};
    const gate = new Promise<void>((open) => (slow = open));
    await planner.page.route('**/tiles/**', async (route) => {
      await gate;
      await route.continue();
    });
    await planner.opensCity('#lang=en');
    const bar = planner.page.getByTestId('map-waits');
    await planner.sees('The map is being drawn', bar);
    expect(await bar.getAttribute('role'), 'it is read aloud').toBe('status');
    expect((await bar.boundingBox())!.y, 'at the head of the map').toBe((await planner.page.getByTestId('map').boundingBox())!.y);
    await planner.photographs('map-waits-en');
    slow();
    await bar.getByText('The map is being drawn').waitFor({ state: 'detached' });
    await planner.waitsForTheMap();
    await planner.findsNoBarrier();
  });

  test('clicks a parcel and reads why it is in', async () => {
    planner = await Planner.sitsDown(browser, site);
    const block = (await planner.plan()).blocks[3]!;
    await planner.opensCity(`#block=${block.id}&lang=en`);
    await planner.clicksParcel(block.parcels[1]!);
    await planner.seesParcel(block.parcels[1]!);
    await planner.sees(`Cleared in ${block.year}`, planner.drawer);
    await planner.sees(`Together with its neighbours it forms block ${block.id}`, planner.drawer);
    await planner.sees('tax per mu', planner.drawer);
    await planner.sees('地块.gpkg, row', planner.drawer);
    await planner.photographs('parcel-en');
    await planner.presses('Escape');
    await planner.seesNoDrawer();
  });

  test('goes through the years', async () => {
    planner = await Planner.sitsDown(browser, site);
    const plan = await planner.plan();
    const [early, late] = [plan.blocks.find((b) => b.year === 2027)!, plan.blocks.find((b) => b.year === 2030)!];
    await planner.opensCity('#lang=en');
    const [earlyAll, lateAll] = [await planner.colourOf(early.parcels[0]!), await planner.colourOf(late.parcels[0]!)];
    await planner.movesToYear(2027);
    await planner.sees('Blocks 3, land', planner.page.locator('.time'));
    expect(await planner.colourOf(early.parcels[0]!)).toBe(earlyAll);
    expect(await planner.colourOf(late.parcels[0]!), 'a later block fades').not.toBe(lateAll);
    expect(planner.page.url()).toContain('year=2027');
    await planner.presses('ArrowRight', 'ArrowRight', 'ArrowRight');
    expect(planner.page.url()).toContain('year=2030');
    expect(await planner.colourOf(late.parcels[0]!)).toBe(lateAll);
    await planner.photographs('year-2030-en');
    await planner.movesToYear('all');
    expect(planner.page.url()).not.toContain('year=');
  });

  test('plays the years and comes back to all of them', async () => {
    planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en');
    await planner.button('Play the years').click();
    await planner.page.locator('[data-year="2027"][aria-checked=true]').waitFor();
    await planner.page.locator('[data-year="2031"][aria-checked=true]').waitFor();
    await planner.page.locator('[data-year="all"][aria-checked=true]').waitFor();
  });

  test('colours by grade, queue and cluster, and isolates one class', async () => {
    planner = await Planner.sitsDown(browser, site);
    const { parcels } = (await planner.plan()).blocks[0]!;
    await planner.opensCity('#lang=en');
    const seen = new Set<string>([await planner.colourOf(parcels[0]!)]);
    for (const by of ['Grade', 'Queue', 'Cluster']) {
      await planner.coloursBy(by);
      seen.add(await planner.colourOf(parcels[0]!));
      await planner.photographs(`by-${by.toLowerCase()}-en`);
    }
    expect(seen.size, 'each colouring looks different').toBe(4);
    await planner.coloursBy('Grade');
    const graded = await planner.colourOf(parcels[0]!);
    await planner.button(/^A \(develop first\)/).click();
    expect(await planner.colourOf(parcels[0]!), 'grade C or D fades').not.toBe(graded);
  });

  test('finds a firm by its name', async () => {
    planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=zh');
    await planner.searchesFor('宏达');
    await planner.presses('ArrowDown', 'Enter');
    await planner.sees('在此企业', planner.drawer);
    await planner.searchesFor('无此企业');
    await planner.sees('没有找到“无此企业”');
  });

  test('sends a link that opens the same view', async () => {
    planner = await Planner.sitsDown(browser, site);
    const block = (await planner.plan()).blocks[2]!;
    await planner.opensCity(`#lang=zh&year=${block.year}`);
    await planner.picksParcel(block.parcels[0]!);
    await planner.waitsForTheMap();
    await planner.page.waitForTimeout(800); // the flight to the parcel ends
    const link = new URL(planner.page.url()).hash;
    const colour = await planner.colourOf(block.parcels[0]!);
    const colleague = await Planner.sitsDown(browser, site);
    await colleague.opensCity(link);
    await colleague.seesParcel(block.parcels[0]!);
    await colleague.sees(`${block.year} 年腾退`, colleague.drawer);
    expect(await colleague.colourOf(block.parcels[0]!)).toBe(colour);
    expect(new URL(colleague.page.url()).hash).toBe(link);
    colleague.hasNoComplaint();
    await colleague.leaves();
  });

  test('switches the language, and every word and figure follows', async () => {
    planner = await Planner.sitsDown(browser, site, undefined, 'zh-CN');
    const block = (await planner.plan()).blocks[0]!;
    await planner.opensCity(`#block=${block.id}`);
    await planner.sees('13.1 亿元');
    await planner.sees('腾退企业及去向', planner.drawer);
    expect(await planner.page.title()).toBe('双溪市 · 连片');
    expect(await planner.page.locator('body').innerText(), 'no gap in the words').not.toMatch(/\[[a-z]+\.[a-z_.]+\]/);
    await planner.photographs('block-zh');
    await planner.switchesTo('en');
    await planner.sees('CNY 1.31 bn');
    await planner.sees('Firms displaced and where they go', planner.drawer);
    expect(await planner.page.title()).toBe('Shuangxi · Plottage');
    expect(await planner.page.locator('body').innerText()).not.toMatch(/\[[a-z]+\.[a-z_.]+\]|亩|万元/);
  });

  test.each([['zh'], ['en']] as const)('reads the same on a phone (%s)', async (lang) => {
    planner = await Planner.sitsDown(browser, site, phone);
    const block = (await planner.plan()).blocks[4]!;
    await planner.opensCity(`#lang=${lang}`);
    await planner.waitsForTheMap();
    await planner.findsNothingCutOff();
    await planner.photographs(`phone-${lang}`);
    await planner.picksParcel(block.parcels[0]!);
    await planner.waitsForTheMap();
    await planner.findsNothingCutOff();
    await planner.findsNoBarrier();
    await planner.photographs(`phone-parcel-${lang}`);
    await planner.button(lang === 'zh' ? '关闭' : 'Close').click();
    await planner.seesNoDrawer();
    await planner.button(lang === 'zh' ? '图层与图例' : 'Layers and legend').click();
    await planner.sees(block.id, planner.page.locator('aside'));
    await planner.photographs(`phone-layers-${lang}`);
    await planner.findsNoBarrier();
  });
});
