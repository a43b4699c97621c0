// Another plan is drawn in the place of the one before: the map is never bare between them.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { PlanHead, PlanInfo } from '../src/api/types.gen';
import { land, yearColours } from '../src/map/palette';
import { executable, launch } from './browser';
import { Planner } from './planner';
import { Site } from './site';

describe.skipIf(!executable)('a planner who turns from plan to plan', () => {
  let browser: Browser;
  let site: Site;
  let planner: Planner;
  let plan: PlanInfo;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    site = await Site.start(inject('program'));
    planner = await Planner.sitsDown(browser, site);
    plan = await planner.plan();
  });
  afterEach(async () => {
    planner.hasNoComplaint();
    await planner.leaves();
    await site.stop();
  });

  const sends = async (method: string, path: string, body: object) => {
    const answer = await fetch(site.url + path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    expect(answer.ok, path).toBe(true);
    return answer;
  };
  /** Keeps the plan once more, without one of its blocks. */
  const without = async (block: string): Promise<number> => {
    const blocks = plan.blocks.filter((b) => b.id !== block).map((b) => ({ id: b.id, parcels: b.parcels, kept: b.kept, year: b.year, mode: b.mode, pinned: [], treated: b.treated }));
    const kept = await sends('POST', `/api/plans/${plan.id}/keep`, { name: 'One block less', blocks, over: false, was: plan.run.id });
    return ((await kept.json()) as PlanHead).id;
  };
  const opens = (id: number) => planner.page.getByRole('combobox', { name: 'Plan', exact: true }).selectOption(String(id));

  test('sees the plan before until the other one is there', async () => {
    const block = plan.blocks[1]!;
    const lot = block.parcels[0]!;
    const [cleared, left] = [yearColours(plan.years.length)[plan.years.indexOf(block.year)]!, land.candidate];
    const less = await without(block.id);
    await planner.page.addInitScript(() => Object.defineProperty(navigator, 'hardwareConcurrency', { value: 8 })); // the map has workers enough that a tile fetched again comes to another
    await planner.opensCity(`#lang=en&plan=${plan.id}&block=${block.id}`);
    await planner.drawer.getByRole('button', { name: 'Close' }).click();
    await planner.waitsForTheMapToStand();
    const colour = await planner.eyes(lot);
    expect(await colour()).toBe(cleared);
    let come = () => {};
    const gate = new Promise<void>((open) => (come = open));
    await planner.page.route(`**/tiles/**plan=${less}*`, async (route) => {
      await gate;
      await route.continue();
    });
    const asked = planner.page.waitForRequest(`**/tiles/**plan=${less}*`);
    await opens(less);
    await asked;
    await planner.page.waitForTimeout(500); // frames enough to draw a bare ground
    expect(await colour(), 'the plan before is drawn still').toBe(cleared);
    await planner.coloursBy('Grade'); // what is to be drawn otherwise meanwhile waits as well
    await planner.page.waitForTimeout(500);
    expect(await colour(), 'no tile is lost over it').toBe(cleared);
    await planner.coloursBy('Plan');
    // A third plan is asked for while the second is on its way, and it is the last that is drawn.
    await opens(plan.id);
    await planner.page.waitForTimeout(500);
    expect(await colour()).toBe(cleared);
    come();
    await planner.waitsForTheMap();
    expect(await colour(), 'the last that was asked for').toBe(cleared);
    await opens(less);
    await expect.poll(() => planner.planShown()).toBe(less);
    await expect.poll(colour, { timeout: 15_000 }).toBe(left);
    await planner.button('Compare').click();
    await expect.poll(() => planner.colourOf(lot), { timeout: 15_000 }).toBe('#e69f00'); // only in the other: ../src/map/palette.ts
  });

  test('renames a plan, and the map has nothing to fetch', async () => {
    await planner.opensCity(`#lang=en&plan=${plan.id}`);
    await planner.waitsForTheMap();
    const watched = await planner.watchesTheLand();
    const { read } = watched;
    await sends('PATCH', `/api/plans/${plan.id}`, { name: 'Called otherwise' });
    await expect.poll(() => watched.read, { timeout: 15_000 }).toBeGreaterThan(read);
    await planner.waitsForTheMap();
    expect([...watched.tags], 'tiles under another name').toHaveLength(1);
    await expect.poll(() => planner.page.getByRole('combobox', { name: 'Plan', exact: true }).innerText()).toContain('Called otherwise');
  });
});
