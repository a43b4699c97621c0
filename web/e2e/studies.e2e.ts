// Questions to a plan: how far to go, why, at what price, and what if things change.
import { beforeAll, describe, expect, test } from 'vitest';
import type { BlockWhyInfo, FrontierStudy, PlanInfo, ScenarioStudy, Studies, Version } from '../src/api/types.gen';
import { executable } from './browser';
import { DemoCity, large, sure } from './demo-city';
import { opensElsewhere, runsOffThePage } from './paper';
import { laptop, phone, type Planner } from './planner';

describe.skipIf(!executable)('a planner who asks what if', { timeout: 240_000 }, () => {
  const city = DemoCity.opens();
  const { office, get, plans, copies, movesBlockTo } = city;
  let planner: Planner;
  let first: PlanInfo; // as the demo left it

  beforeAll(() => {
    first = city.first;
  });

  const sits = async (link: string, size = laptop) => {
    planner = await city.sits(link, size);
  };

  test('asks how far to demolish, and opens a point of the curve', async () => {
    await sits(`#lang=en&plan=${first.id}`);
    const land = await planner.watchesTheLand();
    await planner.button('What if?').click();
    await planner.dock.getByLabel('levels').fill('3');
    await planner.dock.getByLabel('Stop after, seconds').fill('40');
    await planner.dock.getByRole('button', { name: 'Start' }).click();
    await planner.sees('Working on it in the background', planner.dock);
    const points = planner.dock.getByRole('list', { name: 'Points of the curve' }).getByRole('button');
    await points.first().waitFor({ timeout: 2 * sure });
    const kept = (await get<Studies>('/api/studies')).kept[0]!;
    expect(kept.verb).toBe('renewal frontier');
    expect(await points.count()).toBeGreaterThanOrEqual(3);
    expect(await planner.mapsHeight(), 'the map keeps its room').toBeGreaterThan(0.6);
    // The study kept plans and itself; the land is the same, so the map stays drawn.
    const { city } = await get<Version>('/api/version');
    await expect.poll(() => land.read, { timeout: 15_000 }).toBeGreaterThanOrEqual(city);
    await planner.waitsForTheMap();
    expect([...land.tags], 'tiles under another name').toHaveLength(1);
    await planner.photographs('dock-en');
    await planner.dock.locator('li button:enabled:not(.now)').first().click(); // a level that time sufficed for
    await expect.poll(() => planner.planShown()).not.toBe(first.id);
    const shown = planner.planShown();
    expect((await plans()).find((p) => p.id === shown)?.study).toBe(true);
    await planner.dock.getByRole('button', { name: 'What changed?' }).click();
    await planner.sees('Demolition ≤', planner.drawer);
    // The curve as a page to send on: one map a plan, nothing else needed.
    const page = await planner.saves(() => planner.dock.getByRole('button', { name: 'Save the curve (HTML)' }).click());
    expect(page.name).toMatch(/\.html$/);
    const sent = await opensElsewhere(office.browser, page.bytes);
    const levels = (await get<FrontierStudy>(`/api/studies/kept/frontier/${kept.run}`)).points;
    expect(await sent.locator('svg.curve').count()).toBe(1);
    expect(await sent.locator('.thumbs svg.map').count()).toBe(levels.filter((p) => p.found && (p.plan > 0 || p.level === 0)).length);
    expect(await runsOffThePage(sent)).toEqual([]);
    await sent.context().close();
  });

  test('asks what it would cost to decide a parcel otherwise, and is told', async () => {
    const block = first.blocks[0]!;
    await sits(`#lang=en&plan=${first.id}`);
    await planner.picksParcel(block.parcels[0]!);
    await planner.page.getByRole('toolbar').getByRole('button', { name: 'Ask why' }).click();
    await planner.seesParcel(block.parcels[0]!);
    await planner.button('Work out what deciding otherwise costs').click();
    await planner.sees('decided the other way', planner.drawer);
    await planner.sees(/^solve \d+ of about \d+/, planner.drawer, sure);
    await planner.page.evaluate(() => document.querySelector('progress')!.scrollIntoView());
    await planner.findsNoBarrier();
    const scrolled = await planner.drawer.evaluate((d) => d.scrollTop);
    await planner.sees(/Keeping .+ out costs plan \d+/, planner.drawer, sure);
    await planner.page.waitForTimeout(5000); // by then the page has read the city anew
    expect(await planner.drawer.evaluate((d) => d.scrollTop), 'the answer stays where it was looked for').toBe(scrolled);
    await planner.findsNoBarrier();
    await planner.photographs('forced-en');
    await planner.button('Open the other plan').click();
    await expect.poll(() => planner.planShown()).not.toBe(first.id);
  });

  test('asks why a block is as it is, goes to the figures behind it, and tries what it is told', async () => {
    const block = large(first)[0]!;
    const why = await get<BlockWhyInfo>(`/api/plans/${first.id}/blocks/${block.id}/why`);
    await sits(`#lang=en&plan=${first.id}&block=${block.id}`);
    await planner.sees(why.told.en[0]!, planner.drawer);
    await planner.drawer.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await planner.presses('w');
    await expect.poll(() => planner.drawer.evaluate((box) => box.scrollTop), { message: 'asking leads to the reasons' }).toBe(0);
    await planner.photographs('block-why-en');
    const figures = planner.drawer.locator('summary', { hasText: 'The figures behind it' });
    await figures.press('Enter');
    await planner.sees('What it takes of the limits', planner.drawer);
    await planner.drawer.locator('summary.figure', { hasText: /^cost/ }).press('Enter');
    await planner.sees(`these of run ${why.run} count`, planner.drawer.locator('details[open] > details[open], li > details[open]'));
    await figures.scrollIntoViewIfNeeded();
    await planner.photographs('block-why-figures-en');
    await planner.findsNoBarrier();
    const other = why.others.find((c) => c.year !== block.year && c.mode === block.mode)!;
    const row = await planner.drawer.locator('p.figure').nth(1 + why.others.indexOf(other)).locator('.num').innerText();
    const costliest = why.parts.find((p) => p.kind === 'cost')!.of[0]!.id;
    await planner.drawer.getByRole('button', { name: costliest, exact: true }).first().click();
    await planner.seesParcel(costliest);
    await planner.picksBlock(block.id);
    await movesBlockTo(other.year);
    await planner.sees(`${row.replace(/[+−-]/, '')} ${other.change < 0 ? 'less' : 'more'}`, planner.handBar); // drawn by hand it is worth what the reasons say
    await planner.sees('This block was changed by hand', planner.drawer);
    await planner.button('Drop changes').click();
    await planner.picksBlock(block.id);
    await planner.switchesTo('zh');
    await planner.sees(why.told.zh[0]!, planner.drawer);
    await planner.photographs('block-why-zh');
  });

  test('asks why a block is as it is on a phone', async () => {
    const block = first.blocks[0]!;
    await sits(`#lang=zh&plan=${first.id}&block=${block.id}`, phone);
    await planner.sees(`地块 ${block.id}：`, planner.drawer);
    await planner.drawer.locator('summary', { hasText: '依据的数字' }).click();
    await planner.drawer.locator('summary.figure').first().click();
    await planner.findsNothingCutOff();
    await planner.photographs('block-why-phone-zh');
  });

  test('asks which plan holds when things change, follows one future, and opens another plan', async () => {
    await sits(`#lang=en&plan=${first.id}`);
    for (const name of ['Once more', 'And again']) await copies(name); // plans enough, whatever the curve found
    await planner.presses('4');
    await planner.sees('which you would regret least', planner.dock);
    await planner.dock.getByLabel('futures').fill('80');
    await planner.dock.getByRole('button', { name: 'Start' }).click();
    const table = planner.dock.getByRole('table');
    await table.waitFor({ timeout: sure });
    const kept = (await get<Studies>('/api/studies')).kept[0]!;
    expect(kept.verb).toBe('renewal scenarios');
    const study = await get<ScenarioStudy>(`/api/studies/kept/scenarios/${kept.run}`);
    expect(study.draws).toBe(80);
    expect(study.plans.length, 'the plans of this city, those of the curve too').toBeGreaterThanOrEqual(3);
    expect(await table.getByRole('row').count()).toBe(study.plans.length + 1);
    const called = (i: number) => study.names[i] || `Plan ${study.plans[i]!.plan}`;
    const marked = (words: string) => table.getByRole('row').filter({ hasText: words });
    await planner.sees(called(study.best_mean), marked('best on average'));
    await planner.sees(called(study.least_regret), marked('least regret'));
    const means = await table.getByRole('row').locator('svg path').count();
    expect(means, 'a diamond for each plan').toBe(study.plans.length);
    // One future, by keys: every plan's dot of it is marked, and words say which plan is best.
    await planner.dock.getByRole('slider').focus();
    await planner.presses('ArrowRight');
    const values = study.plans.map((p) => p.sample[0]!);
    await planner.sees(`Future 1: ${called(values.indexOf(Math.max(...values)))} is best`, planner.dock);
    expect(await table.locator('.followed').count()).toBe(study.plans.length);
    await planner.findsNoBarrier();
    expect(await planner.mapsHeight(), 'the map keeps its room').toBeGreaterThan(0.55);
    const apart = (await plans()).filter((p) => !p.study && p.status !== 'infeasible' && !study.tried.includes(p.id));
    expect(await planner.dock.getByText('Not compared:').count(), 'plans of other rules are told').toBe(apart.length > 0 ? 1 : 0);
    await planner.photographs('scenarios-en');
    const other = study.plans.findIndex((p) => p.plan !== first.id);
    await table.getByRole('button', { name: called(other), exact: true }).first().focus();
    await planner.presses('Enter');
    await expect.poll(() => planner.planShown()).toBe(study.plans[other]!.plan);
    await planner.sees(called(other), table.locator('.now'));
    await planner.presses('4');
    await planner.dock.waitFor({ state: 'detached' });
  });

  test.each([['zh', '平均最优'], ['en', 'best on average']] as const)('reads the same futures on a phone (%s)', async (lang, words) => {
    await sits(`#lang=${lang}&plan=${first.id}`, phone);
    await planner.button(lang === 'en' ? 'What if?' : '多方案研究').click();
    await planner.dock.getByRole('button', { name: lang === 'en' ? 'If things change' : '情况有变时' }).click();
    await planner.sees(words, planner.dock);
    await planner.findsNothingCutOff();
    await planner.findsNoBarrier();
    await planner.photographs(`scenarios-phone-${lang}`);
  });

  // What is new on the screen, in both languages: no barrier, nothing wider than the screen.
  test.each([['laptop', laptop], ['phone', phone]] as const)('meets no barrier on the newer screens (%s)', async (name, size) => {
    await sits('#lang=en', size);
    const other = await copies(`To compare on a ${name}`);
    const share = ((await (await fetch(`${office.program.url}/api/shares`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"note":""}' })).json()) as { path: string }).path;
    const key = (k: string) => async () => {
      await planner.presses(k);
      await planner.dock.waitFor();
    };
    const screens: [string, string, (() => Promise<void>)?][] = [
      ['data', '/#room=data'], ['handover', `/#plan=${first.id}&room=handover`], ['shared', `${share}#plan=${first.id}`],
      ['frontier', `/#plan=${first.id}`, key('z')], ['portfolio', `/#plan=${first.id}`, key('t')], ['goal', `/#plan=${first.id}`, key('y')],
      ['hand', `/#plan=${first.id}`, () => planner.presses('e').then(() => planner.sees('as the plan it was made from', planner.handBar))],
      ['swipe', `/#plan=${first.id}&vs=${other}`, () => planner.presses('v').then(() => planner.page.locator('[data-testid=swipe] [data-idle=true]').waitFor({ timeout: 30_000 }))],
    ];
    for (const [screen, link, act] of screens) {
      await planner.page.goto('about:blank');
      await planner.page.goto(office.program.url + link + '&lang=en');
      await planner.page.locator('h1 .city').filter({ hasText: /./ }).waitFor();
      if (!link.includes('room')) await planner.waitsForTheMap();
      await act?.();
      for (const lang of ['en', 'zh'] as const) {
        if (lang === 'zh') await planner.switchesTo(lang);
        await planner.findsNoBarrier();
        await planner.findsNothingCutOff();
        await planner.photographs(`${screen}-${name}-${lang}`);
        expect(await planner.page.locator('body').innerText(), 'no gap in the words').not.toMatch(/\[[a-z]+\.[a-z_.]+\]/);
      }
    }
  });
});
