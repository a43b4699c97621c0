// Empty, slow, wrong, gone: what the screen says when things are not as they should be.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { CityInfo, Solves } from '../src/api/types.gen';
import { executable, launch } from './browser';
import { Planner } from './planner';
import { Site } from './site';

describe.skipIf(!executable)('when things go wrong', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
  });

  test('an empty city says what to do', async () => {
    const site = await Site.start(inject('program'), '-empty');
    const planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en');
    await planner.sees('This city has no parcels yet');
    await planner.sees('plottage import');
    await planner.findsNoBarrier();
    await planner.photographs('empty-en');
    planner.hasNoComplaint();
    await planner.leaves();
    await site.stop();
  });

  test('a city not graded yet says so, on the map, the legend and the timeline', async () => {
    const site = await Site.start(inject('program'), '-raw');
    const planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en');
    await planner.waitsForTheMap();
    await planner.sees('There is no plan yet.');
    await planner.sees('plottage land grade');
    await planner.coloursBy('Cluster');
    await planner.sees('plottage land clusters');
    await planner.findsNoBarrier();
    await planner.photographs('raw-en');
    planner.hasNoComplaint();
    await planner.leaves();
    await site.stop();
  });

  test('an infeasible plan gives its reason', async () => {
    const site = await Site.start(inject('program'), '-infeasible');
    const planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en');
    await planner.sees('No plan keeps all the rules');
    await planner.sees(/relocation/);
    await planner.photographs('infeasible-en');
    await planner.findsNoBarrier();
    planner.hasNoComplaint();
    await planner.leaves();
    await site.stop();
  });

  test('a plan that failed does not stand in the way of the one before, nor does a link to one that is gone', async () => {
    const site = await Site.start(inject('program'));
    const form = ((await (await fetch(`${site.url}/api/solves?plan=3`)).json()) as Solves).form;
    const sent = await fetch(`${site.url}/api/solves`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...form, relocation: '1' }) });
    expect(sent.status).toBe(200);
    await expect.poll(async () => ((await (await fetch(`${site.url}/api/city`)).json()) as CityInfo).tried, { timeout: 20_000 }).toBe(4);
    const planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en&plan=99');
    await planner.sees('Plan 99 is not in this city any more');
    await planner.sees('Plan 3 is shown instead');
    await planner.waitsForTheMap();
    await planner.photographs('plan-gone-en');
    await planner.button('Close').click();
    await planner.sees('The plan is worth');
    await planner.sees('A newer attempt found no plan');
    await planner.findsNoBarrier();
    await planner.switchesTo('zh');
    await planner.photographs('plan-tried-zh');
    await planner.switchesTo('en');
    await planner.button('See why').click();
    await planner.sees('No plan keeps all the rules');
    planner.hasNoComplaint();
    await planner.leaves();
    await site.stop();
  });

  test('a link to a parcel that is gone says so and shows the city', async () => {
    const site = await Site.start(inject('program'));
    const planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en&parcel=gone-1');
    await planner.sees('there is no parcel gone-1 in this city');
    await planner.sees('look for it with the search');
    await planner.seesNoDrawer();
    await planner.button('Close').click();
    await planner.leaves();
    await site.stop();
  });

  test('a server that stops is told, and the page goes on when it is back', async () => {
    const site = await Site.start(inject('program'));
    const planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en');
    await planner.waitsForTheMap();
    await site.stop();
    await planner.sees('The server does not answer');
    await planner.photographs('lost-en');
    await site.startAgain('-name', 'Newtown');
    await planner.button('Try again').click();
    await planner.page.getByText('The server does not answer').waitFor({ state: 'detached' });
    await planner.sees('Newtown'); // what the new server shows, without a reload
    await planner.leaves();
    await site.stop();
  });

  test('a slow answer shows that something is under way', async () => {
    const site = await Site.start(inject('program'));
    const planner = await Planner.sitsDown(browser, site);
    await planner.opensCity('#lang=en');
    const plan = await planner.plan();
    await planner.page.route('**/api/parcels/**', async (route) => {
      await new Promise((r) => setTimeout(r, 1500));
      await route.continue();
    });
    await planner.searchesFor(plan.blocks[0]!.parcels[0]!);
    await planner.presses('Enter');
    await planner.page.getByRole('status').getByText('loading').waitFor({ state: 'attached' });
    await planner.seesParcel(plan.blocks[0]!.parcels[0]!);
    await planner.page.getByRole('status').getByText('loading').waitFor({ state: 'detached' }); // once the reasons are there too
    planner.hasNoComplaint();
    await planner.leaves();
    await site.stop();
  });
});
