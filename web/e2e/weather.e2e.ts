// Empty, slow, wrong, gone: what the screen says when things are not as they should be.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { CityInfo, Solves } from '../src/api/types.gen';
import { executable, launch } from './browser';
import { laptop, phone, Planner } from './planner';
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
    await planner.switchesTo('zh');
    await planner.sees('方案 99');
    await planner.photographs('plan-gone-zh');
    await planner.page.setViewportSize(phone);
    await planner.findsNothingCutOff();
    await planner.photographs('plan-gone-phone-zh');
    await planner.page.setViewportSize(laptop);
    await planner.switchesTo('en');
    await planner.button('Close').click();
    await planner.sees('The plan is worth');
    await planner.sees('A newer attempt found no plan');
    expect(await planner.button('Go: Compare and print').isDisabled(), 'nothing to compare with').toBe(true);
    await planner.findsNoBarrier();
    await planner.photographs('plan-tried-en');
    await planner.switchesTo('zh');
    await planner.photographs('plan-tried-zh');
    await planner.page.setViewportSize(phone);
    await planner.findsNothingCutOff();
    await planner.photographs('plan-tried-phone-zh');
    await planner.page.setViewportSize(laptop);
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

  test.each(['en', 'zh'] as const)('a part of the page that cannot be loaded says so, and comes when it can be (%s)', async (lang) => {
    const says = (en: string, zh: string) => (lang === 'en' ? en : zh);
    const site = await Site.start(inject('program'));
    const planner = await Planner.sitsDown(browser, site);
    await planner.opensCity(`#lang=${lang}`);
    await planner.waitsForTheMap();
    const told = planner.page.getByTestId('unloaded');
    const again = told.getByRole('button', { name: says('Reload', '重新加载') });
    // The line is lost for a while: it is asked for again once somebody answers.
    await planner.page.context().setOffline(true);
    await planner.button(says('All plans', '全部方案')).click();
    await planner.sees(says('This part could not be loaded', '这一部分未能载入'), planner.drawer);
    await planner.findsNoBarrier();
    await planner.photographs(`unloaded-${lang}`);
    await again.click();
    await planner.sees(says('The server does not answer', '服务没有响应'));
    await told.waitFor(); // the page stays: there is nothing to load it from
    await planner.page.context().setOffline(false);
    await again.click();
    await planner.sees(says('Plan 3', '方案 3'), planner.drawer);
    await told.waitFor({ state: 'detached' });
    // The program was replaced, and its old parts are gone: the page is loaded anew, at the same place.
    await planner.page.route('**/assets/SolvePanel-*', (route) => route.fulfill({ status: 404, body: '' }));
    await planner.page.route('**/assets/PlanPanel-*', (route) => route.fulfill({ status: 404, body: '' }));
    await site.stop();
    await site.startAgain();
    await planner.button(says('Plan again', '重新测算')).click();
    await planner.sees(says('This part could not be loaded', '这一部分未能载入'), planner.drawer);
    await planner.page.unroute('**/assets/SolvePanel-*');
    await Promise.all([planner.page.waitForEvent('load'), again.click()]);
    await planner.sees(says('Name of the new plan', '新方案名称'), planner.drawer);
    await planner.leaves();
    await site.stop();
  });

  test('a page that gets no words, no map or no other language says so', async () => {
    const site = await Site.start(inject('program'));
    const planner = await Planner.sitsDown(browser, site);
    const { page } = planner;
    await page.route('**/assets/en-*', (route) => route.abort());
    await page.goto(`${site.url}/#lang=en`);
    await planner.sees('页面未能完整载入，请重新载入。');
    await page.unroute('**/assets/en-*');
    await page.route('**/assets/library-*', (route) => route.abort());
    await page.reload();
    await planner.sees('This part could not be loaded', page.locator('.stage'));
    await planner.photographs('unloaded-map-en');
    await page.unroute('**/assets/library-*');
    await page.getByTestId('unloaded').getByRole('button', { name: 'Reload' }).click();
    await planner.waitsForTheMap();
    await page.route('**/assets/zh-*', (route) => route.abort());
    await planner.button('中文').click();
    await planner.sees('That language could not be loaded');
    await planner.sees('The plan is worth');
    await planner.leaves();
    await site.stop();
  });

  test('what the checker says is told again with the plan, and after the line was lost', async () => {
    const site = await Site.start(inject('program'));
    const planner = await Planner.sitsDown(browser, site);
    const { page } = planner;
    await planner.opensCity('#lang=en&plan=3');
    await planner.waitsForTheMap();
    expect(await page.getByText('checked: passed').count(), 'nobody asked the checker yet').toBe(0);
    let asked = 0;
    await page.route('**/api/plans/3/check', (route) => {
      asked++;
      if (asked === 1) return route.fulfill({ json: { plan: 3, state: 'running', checks: 0, first: { zh: '', en: '' }, problem: null } });
      return asked === 2 ? route.abort() : route.continue();
    });
    expect((await fetch(`${site.url}/api/plans/3/check`, { method: 'POST' })).status).toBe(200);
    await page.reload();
    await planner.sees('being checked');
    await planner.sees('The server does not answer');
    await planner.button('Try again').click();
    await planner.sees('checked: passed', undefined, 30_000);
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
