import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { executable, launch } from './browser';
import { Planner } from './planner';
import { Site } from './site';

describe.skipIf(!executable)('a planner without a mouse', () => {
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

  const focus = () => planner.page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

  test('reaches a block, a parcel of it, and comes back', async () => {
    planner = await Planner.sitsDown(browser, site);
    const plan = await planner.plan();
    await planner.opensCity('#lang=en');
    await planner.waitsForTheMap();
    await planner.page.getByTestId('blocks').getByRole('button', { name: plan.blocks[0]!.id }).focus();
    await planner.presses('ArrowDown', 'ArrowDown');
    expect(await focus()).toContain(plan.blocks[2]!.id);
    await planner.presses('Enter');
    await planner.drawer.getByRole('heading', { name: plan.blocks[2]!.id }).waitFor();
    expect(await planner.drawer.evaluate((d) => d === document.activeElement), 'reading goes on in the drawer').toBe(true);
    await planner.drawer.getByRole('button', { name: plan.blocks[2]!.parcels[0]! }).focus();
    await planner.presses('Enter');
    await planner.seesParcel(plan.blocks[2]!.parcels[0]!);
    await planner.presses('Escape');
    await planner.seesNoDrawer();
    expect(await focus(), 'and goes back to the list').toContain(plan.blocks[2]!.id);
  });

  test('uses keys for search, years and the whole city', async () => {
    planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en');
    await planner.waitsForTheMap();
    await planner.presses('.');
    expect(planner.page.url()).toContain('year=2027');
    await planner.presses(',');
    expect(planner.page.url()).not.toContain('year=');
    await planner.presses('/');
    await planner.page.locator('#search:focus').waitFor();
    await planner.page.keyboard.type('p.,f');
    expect(await planner.search.inputValue(), 'letters are letters while typing').toBe('p.,f');
    expect(planner.page.url()).not.toContain('year=');
  });

  test('meets no barrier axe knows', async () => {
    planner = await Planner.sitsDown(browser, site);
    const plan = await planner.plan();
    for (const link of ['#lang=en', '#lang=zh&by=grade', `#lang=en&block=${plan.blocks[0]!.id}&year=2027`, `#lang=zh&parcel=${plan.blocks[0]!.parcels[0]!}`]) {
      await planner.opensCity('#');
      await planner.opensCity(link);
      await planner.page.reload();
      await planner.waitsForTheMap();
      await planner.findsNoBarrier();
    }
  });
});
