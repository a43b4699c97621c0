// The demo city from the first look to a comparison on paper, and the ways through it.
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BlockInfo, CityInfo, PlanInfo } from '../src/api/types.gen';
import { compareBlocks } from '../src/renewal/compare';
import { executable } from './browser';
import { cleared, DemoCity, large, sure } from './demo-city';
import { laptop, phone, type Planner } from './planner';

describe.skipIf(!executable)('a planner with the demo city', { timeout: 240_000 }, () => {
  const city = DemoCity.opens();
  const { get, plan, locks, named, movesBlockTo, otherYear } = city;
  let planner: Planner;
  let first: PlanInfo; // as the demo left it

  beforeAll(() => {
    first = city.first;
  });

  const sits = async (link: string, size = laptop) => {
    planner = await city.sits(link, size);
  };

  /** Amounts in tables that stand on more than one line. */
  const brokenAmounts = (page: Page) =>
    page.locator('td.num').evaluateAll((all) => {
      const amounts = all.map((td) => td.firstChild).filter((text) => text?.textContent?.trim());
      const lines = (text: Node) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size;
      };
      return amounts.filter((text) => lines(text!) > 1).map((text) => text!.textContent);
    });

  test('locks two blocks, asks why the third is in, and prints the comparison', async () => {
    await sits('#lang=en');
    const steps = planner.page.getByTestId('steps');
    const [one, two, third] = [first.blocks[0]!, first.blocks[1]!, first.blocks[2]!];
    await steps.getByRole('button', { name: 'Go: Lock two blocks' }).click();
    await planner.drawer.getByRole('heading', { name: one.id }).waitFor();
    await planner.button('Lock block in').click();
    await planner.sees('The next plan must clear', planner.drawer);
    await planner.button('Close').click();
    await planner.sees('One is locked. Lock one more.', steps);
    await planner.photographs('first-one-locked-en');
    await steps.getByRole('button', { name: 'Go: Lock two blocks' }).click();
    await planner.drawer.getByRole('heading', { name: two.id }).waitFor();
    await planner.button('Lock block out').click();
    await expect.poll(async () => (await locks()).length).toBe(one.parcels.length + two.parcels.length);
    await planner.picksBlock(third.id);
    await planner.drawer.getByRole('heading', { name: third.id }).waitFor();
    await planner.page.getByRole('toolbar').getByRole('button', { name: 'Ask why' }).click();
    await planner.sees(`This is about block ${third.id}`, planner.drawer);
    await planner.sees('Left out, with all other blocks as they stand', planner.drawer);
    await planner.photographs('first-why-en');
    await planner.button('Close').click();
    await steps.getByRole('button', { name: 'Go: Plan again' }).click();
    await planner.drawer.getByLabel('Name of the new plan').fill('With my locks');
    await planner.drawer.getByLabel('Stop after, seconds').fill('6');
    await planner.button('Start').click();
    await planner.seesNoDrawer(); // it makes way for the map
    await planner.sees(/Plan \d+ is ready/, undefined, sure);
    await planner.sees('checked: passed', undefined, sure);
    const second = await plan((await named('With my locks'))!.id);
    const years = cleared(second);
    expect(one.parcels.every((id) => years.has(id)), 'what was locked in').toBe(true);
    expect(two.parcels.some((id) => years.has(id)), 'what was locked out').toBe(false);
    await planner.button('What changed?').click();
    await planner.sees('With my locks beside Plan', planner.drawer);
    await planner.page.getByTestId('solve').waitFor({ state: 'detached' }); // who looks at the new plan need not be told of it
    const verdicts = planner.drawer.getByRole('row', { name: /^Independent check/ });
    await expect.poll(() => verdicts.innerText(), { message: 'what was kept with both plans', timeout: 10_000 }).toMatch(/passed 20.*passed 20/s);
    const differ = compareBlocks(second, first).map((d) => d.box);
    await expect.poll(() => planner.countsInSight(differ), { message: 'some of what differs', timeout: 10_000 }).toBeGreaterThan(0);
    await planner.drawer.getByRole('button', { name: 'Close' }).click();
    await planner.button('Whole city').click();
    await planner.waitsForTheMapToStand();
    await planner.button('Compare').click();
    await expect.poll(() => planner.countsInSight(differ), { message: 'nothing that differs and was in sight is below the drawer', timeout: 10_000 }).toBe(differ.length);
    for (const lang of ['zh', 'en'] as const) {
      await planner.switchesTo(lang);
      expect(await planner.drawer.evaluate((d) => d.scrollWidth - d.clientWidth), 'the table is as wide as the drawer').toBeLessThanOrEqual(0);
      expect(await brokenAmounts(planner.page), 'amounts on two lines').toEqual([]);
      await planner.photographs(`first-compare-${lang}`);
    }
    // By whatever way it is printed it has a map: from the browser's own menu as the map stands …
    const sheet = planner.page.getByTestId('paper').locator('canvas');
    await planner.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const colours = await sheet.evaluate((canvas: HTMLCanvasElement) => new Set(new Uint32Array(canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size);
    expect(colours, 'the map is drawn on paper').toBeGreaterThan(20);
    if (process.env.SHOTS) await planner.page.pdf({ path: `${process.env.SHOTS}/paper-menu.pdf`, format: 'A4' });
    // … by the button and by Ctrl-P the whole city.
    await planner.page.evaluate(() => (window.print = () => (dispatchEvent(new Event('beforeprint')), (document.body.dataset.printed = String(Number(document.body.dataset.printed ?? 0) + 1)))));
    await planner.button('Print').click();
    await planner.page.locator('[data-printed="1"]').waitFor();
    await planner.drawer.getByRole('combobox').focus(); // where a hand that chose the other plan is
    await planner.presses('Control+p');
    await planner.page.locator('[data-printed="2"]').waitFor();
    await planner.page.emulateMedia({ media: 'print' });
    expect(await sheet.isVisible(), 'one map').toBe(false);
    await planner.sees('With my locks beside Plan', planner.drawer);
    expect(await planner.page.getByTestId('map').isVisible(), 'paper has a map of its own').toBe(false);
    const drawn = planner.page.getByTestId('paper').getByRole('img');
    await drawn.waitFor();
    expect(await drawn.evaluate((img: HTMLImageElement) => img.naturalWidth), 'the map of what differs').toBeGreaterThan(500);
    const paper = await planner.page.pdf();
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
    await planner.page.emulateMedia({ media: 'screen' });
    await planner.drawer.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => steps.locator('.done').count(), { message: 'all four steps are ticked' }).toBe(4);
  });

  test.each([['zh', '去做', '问为什么'], ['en', 'Go', 'Ask why']] as const)('is told one step at a time on a phone (%s)', async (lang, go, why) => {
    await sits(`#lang=${lang}`, phone);
    const steps = planner.page.getByTestId('steps');
    const next = (words: string) => steps.getByRole('button', { name: new RegExp(`^${go}[:：] ?${words}`) });
    const box = (await steps.boundingBox())!;
    expect(box.height, 'one line of the map').toBeLessThan(50);
    const tools = (await planner.page.getByRole('toolbar').boundingBox())!;
    expect(box.y, 'the tools stay free').toBeGreaterThanOrEqual(tools.y + tools.height);
    await planner.photographs(`steps-phone-${lang}`);
    expect(await steps.getByRole('button').filter({ hasText: go }).filter({ visible: true }).count()).toBe(1);
    await next(why).click();
    await planner.sees(lang === 'en' ? 'Click a parcel or a block on the map' : '请点击地图上的地块或连片地块');
    await planner.picksParcel(first.blocks[0]!.parcels[0]!);
    await planner.drawer.getByRole('button', { name: lang === 'en' ? 'Close' : '关闭', exact: true }).click();
    await expect.poll(() => steps.innerText()).toContain('2/4');
    expect(await next(why).isVisible(), 'what was done gives way to the next').toBe(false);
  });

  test('finds blocks, parcels, firms and projects by the palette', async () => {
    await sits(`#lang=en&plan=${first.id}&room=data`);
    const page = planner.page;
    const asks = async (text: string, found: string) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'What would you like to do or find?' }).fill(text);
      await page.getByRole('option', { name: found }).first().waitFor();
    };
    const block = first.blocks[0]!;
    await asks(block.id, `Block: ${block.id}`);
    await planner.photographs('palette-block-en');
    await page.keyboard.press('Enter');
    await planner.drawer.getByRole('heading', { name: block.id }).waitFor();
    await asks(block.parcels[0]!, `Parcel: ${block.parcels[0]}`);
    await page.keyboard.press('Enter');
    await planner.drawer.getByRole('heading', { name: block.parcels[0]! }).waitFor();
    const [move, homeless] = [first.moves[0]!, first.unplaced[0]!];
    await asks(move.name, `Firm: ${move.name}`);
    await page.keyboard.press('Escape');
    await asks(homeless.name, `Project: ${homeless.name}`);
    await page.getByRole('option', { name: `Project: ${homeless.name}` }).first().click();
    await planner.sees(`${homeless.name} is nowhere on the map`);
  });

  test('follows an address changed in the same tab, and a link brings all back', async () => {
    await sits(`#lang=en&plan=${first.id}`);
    const page = planner.page;
    const goes = (hash: string) => page.evaluate((to) => void (location.hash = to), hash);
    const [block, moved] = large(first) as [BlockInfo, BlockInfo];
    const [w, s] = block.box as [number, number];
    await goes(`#map=16.50/${s.toFixed(5)}/${w.toFixed(5)}&lang=en&plan=${first.id}&block=${block.id}`);
    await planner.drawer.getByRole('heading', { name: block.id }).waitFor();
    await expect.poll(() => page.url(), { message: 'the map stands where the address says, not where the block lies' }).toContain(`map=16.50/${s.toFixed(5)}/${w.toFixed(5)}`);
    await goes(`#lang=en&plan=${first.id}`);
    await planner.drawer.waitFor({ state: 'detached' });
    // More lots than stand in an address one by one.
    const ids = [...cleared(first).keys()];
    const many = ids.length > 200 ? ids : [...ids, ...first.blocks.flatMap((b) => b.kept)];
    await goes(`#lang=en&plan=${first.id}&${many.map((id) => `sel=${id}`).join('&')}`);
    await planner.sees(`${many.length} selected`, page.getByTestId('selection'));
    await page.reload();
    await planner.sees(`${many.length} selected`, page.getByTestId('selection'));
    // A block drawn by hand is there again.
    await goes(`#lang=en&plan=${first.id}&block=${moved.id}`);
    await movesBlockTo(otherYear(moved));
    await expect.poll(() => page.evaluate(() => localStorage.length), { timeout: 10_000 }).toBeGreaterThan(0); // kept in the browser
    await planner.sees(/than before|as the plan it was made from/, planner.handBar);
    const drawn = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('block')!;
    await page.reload();
    await planner.drawer.getByRole('heading', { name: drawn }).waitFor();
    await planner.presses('Escape');
    await planner.handBar.getByRole('button', { name: 'Drop changes' }).click();
  });

  test('draws around the whole city', async () => {
    await sits('#lang=en');
    const { extent, counts } = await get<CityInfo>('/api/city');
    const [w, s, e, n] = extent as [number, number, number, number];
    await planner.button('Lasso').click();
    await planner.draws({ lon: w - 1e-3, lat: s - 1e-3 }, { lon: e + 1e-3, lat: s - 1e-3 }, { lon: e + 1e-3, lat: n + 1e-3 }, { lon: w - 1e-3, lat: n + 1e-3 });
    await planner.sees(`${counts.parcels.toLocaleString('en-GB')} selected`, planner.selection);
    await planner.sees('CNY', planner.selection);
    await planner.photographs('whole-city-en');
    // No block is a city: said before anything is drawn.
    await planner.selection.getByRole('button', { name: 'Make a block' }).click();
    await planner.sees('That is too much land for one block');
    expect(await planner.handBar.count()).toBe(0);
    await planner.photographs('too-large-en');
    await planner.button('Deselect').click();
    await planner.selection.waitFor({ state: 'detached' });
  });
});
