// The demo city as a planner finds it, and what is done with it from the first look to the
// plan that is handed over. One city for all: every journey begins from the plan it names.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BlockInfo, BlockWhyInfo, CityInfo, FrontierStudy, LocksInfo, MixInfo, ParcelInfo, PlanHead, PlanInfo, ScenarioStudy, Studies, Version } from '../src/api/types.gen';
import { compareBlocks } from '../src/renewal/compare';
import { executable } from './browser';
import { Office } from './office';
import { laptop, phone, Planner } from './planner';

describe.skipIf(!executable)('a planner with the demo city', { timeout: 240_000 }, () => {
  const office = Office.opens((program) => program.demo('8s'));
  const { get } = office;
  let planner: Planner;
  let first: PlanInfo; // as the demo left it
  const sure = 60_000; // for what solves

  beforeAll(async () => {
    first = await plan((await get<CityInfo>('/api/city')).plan);
  });

  const plan = (id: number) => get<PlanInfo>(`/api/plans/${id}`);
  const plans = () => get<PlanHead[]>('/api/plans');
  const locks = async () => (await get<LocksInfo>('/api/locks')).locks;
  const named = async (name: string) => (await plans()).find((p) => p.name === name);
  const cleared = (p: PlanInfo) => new Map(p.blocks.flatMap((b) => b.parcels.map((id) => [id, b.year] as const)));
  const large = (p: PlanInfo) => [...p.blocks].sort((a, b) => b.parcels.length - a.parcels.length);
  const sits = async (link: string, size = laptop) => {
    planner = await office.sits(link, size);
    await planner.waitsForTheMap();
  };
  /** Moves the open block to another year. */
  const movesBlockTo = (year: number, who = planner) => who.drawer.getByLabel('Works start').selectOption(String(year));
  const otherYear = (b: BlockInfo) => (b.year === first.years[0] ? first.years[1]! : first.years[0]!);
  const keeps = async (button: string | RegExp, who = planner) => {
    await who.handBar.getByRole('button', { name: 'Keep …' }).click();
    await who.handBar.getByRole('button', { name: button }).click();
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

  /** Opens a page that was handed over as paper of A4, elsewhere and without scripts. */
  const opensElsewhere = async (html: Buffer) => {
    const context = await office.browser.newContext({ viewport: { width: 688, height: 1000 }, javaScriptEnabled: false }); // 210 mm less the margins
    const page = await context.newPage();
    await page.emulateMedia({ media: 'print' });
    await page.setContent(html.toString());
    return page;
  };
  /** Heads of the tables that are wider than the paper. */
  const runsOffThePage = async (page: Page) => {
    const paper = (await page.locator('main').boundingBox())!;
    const wide: string[] = [];
    for (const table of await page.locator('table').all()) {
      const box = (await table.boundingBox())!;
      if (box.x + box.width > paper.x + paper.width + 1) wide.push((await table.locator('thead').innerText()).replaceAll('\n', ' '));
    }
    return wide;
  };

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

  test('changes a plan by hand, is told what breaks, goes back, and keeps it', async () => {
    const [block, other] = large(first) as [BlockInfo, BlockInfo];
    await sits(`#lang=en&plan=${first.id}&block=${block.id}`);
    // A block of one lot is no block: the checker says so.
    await planner.picksParcel(block.parcels[0]!);
    await planner.button('Select this parcel').click();
    await planner.selection.getByRole('button', { name: 'Split off' }).click();
    await planner.sees(/a block needs/, planner.handBar);
    const strip = planner.page.getByRole('region', { name: 'Plan and years' });
    await planner.sees('your drawing breaks rules', strip);
    await planner.sees('no bound and no gap are stated', strip);
    expect(await strip.innerText(), 'what was said of the stored plan').not.toMatch(/No plan can beat|checked: passed/);
    await planner.photographs('hand-objection-en');
    await planner.switchesTo('zh');
    await planner.photographs('hand-objection-zh');
    await planner.page.setViewportSize(phone);
    await planner.findsNothingCutOff();
    await planner.photographs('hand-objection-phone-zh');
    await planner.page.setViewportSize(laptop);
    await planner.switchesTo('en');
    await planner.handBar.getByRole('button', { name: 'Undo the last change' }).click();
    await planner.handBar.waitFor({ state: 'detached' });
    await planner.button('Deselect').click();
    // Another year, a project, a cut: each is one step.
    await planner.picksBlock(other.id);
    await movesBlockTo(otherYear(other));
    await planner.sees(/than before|as the plan it was made from/, planner.handBar);
    // Projects that fit come first; of the others, what they want and do not find is marked.
    const ready = other.ready + otherYear(other) - other.year;
    const every = [...first.placements.map((p) => p.project), ...first.unplaced];
    const fits = every.filter((p) => (!p.towns.length || p.towns.includes(other.town_id)) && (!p.modes.length || p.modes.includes(other.mode)) && p.area_m2 <= other.area_m2 && p.deadline >= ready);
    const groups = planner.drawer.getByLabel('Project that goes here').locator('optgroup');
    const offered = (n: number) => groups.nth(n).locator('option').evaluateAll((all) => all.map((o) => ({ id: (o as HTMLOptionElement).value, words: o.textContent ?? '' })));
    const [fitting, others] = [await offered(0), await offered(1)];
    expect(fitting.map((o) => o.id).sort()).toEqual(fits.map((p) => p.id).sort());
    const land = fitting.map((o) => every.find((p) => p.id === o.id)!.area_m2);
    expect(land, 'most land first').toEqual([...land].sort((a, b) => b - a));
    expect(fitting.concat(others).every((o) => / mu\s/.test(o.words) && /any town|[A-Z]/.test(o.words))).toBe(true);
    expect(others.length).toBe(every.length - fits.length);
    expect(others.every((o) => o.words.includes('✗')) && !fitting.some((o) => o.words.includes('✗'))).toBe(true);
    const pinned = first.unplaced[0] ?? first.placements[0]!.project;
    await planner.drawer.getByLabel('Project that goes here').selectOption(pinned.id);
    await planner.drawer.getByRole('button', { name: 'Pin', exact: true }).click();
    await planner.sees(`Pinned here: ${pinned.name}`, planner.drawer);
    await planner.drawer.getByRole('button', { name: 'Unpin' }).click();
    await planner.drawer.getByText(`Pinned here: ${pinned.name}`).waitFor({ state: 'detached' });
    await planner.drawer.getByLabel('Project that goes here').selectOption(pinned.id);
    await planner.drawer.getByRole('button', { name: 'Pin', exact: true }).click();
    await planner.sees(`Pinned here: ${pinned.name}`, planner.drawer);
    await planner.picksBlock(block.id);
    await planner.drawer.getByRole('heading', { name: block.id }).waitFor();
    await planner.button('Whole city').click();
    const [w, s, e, n] = block.box as [number, number, number, number];
    const shown = () => planner.page.locator('aside .blocks li, aside li').filter({ hasText: /^20\d\d-\d\d/ }).count();
    // Across, or down where the block is not in two parts across.
    for (const [from, to] of [[[w, (s + n) / 2], [e, (s + n) / 2]], [[(w + e) / 2, s], [(w + e) / 2, n]]] as [[number, number], [number, number]][]) {
      const at = (t: number) => ({ lon: from[0] + t * (to[0] - from[0]), lat: from[1] + t * (to[1] - from[1]) });
      const broken = planner.handBar.getByRole('button', { name: /^Rules broken/, expanded: true });
      if (await broken.count()) await broken.click(); // the list may lie over the block
      await planner.drawer.getByRole('button', { name: 'Cut with a line' }).click();
      await planner.draws(at(-0.5), at(0.5), at(1.5));
      await planner.page.waitForTimeout(1500);
      if ((await shown()) > first.blocks.length) break;
    }
    await expect.poll(shown).toBe(first.blocks.length + 1);
    await planner.handBar.getByRole('button', { name: 'Keep …' }).click();
    await planner.handBar.getByLabel('Name of the new plan').fill('By my hand');
    await planner.findsNoBarrier();
    await planner.handBar.getByRole('button', { name: 'Keep as a new plan' }).click();
    await planner.handBar.waitFor({ state: 'detached' });
    const kept = await plan((await named('By my hand'))!.id);
    expect(kept.by_hand).toBe(true);
    expect(kept.blocks.length).toBe(first.blocks.length + 1);
    expect(kept.blocks.filter((b) => b.pinned.length > 0).map((b) => b.pinned), 'the pin is kept with the plan').toEqual([[pinned.id]]);
    expect(cleared(kept).get(other.parcels[0]!)).toBe(otherYear(other));
    expect(cleared(await plan(first.id)), 'the plan before is as it was').toEqual(cleared(first));
  });

  test('keeps a parcel inside a block by hand, and lets go of it', async () => {
    office.program.run('renewal', 'solve', office.program.city, '--years', `${first.years[0]}-${first.years.at(-1)}`, '--min-mu', '60', '--max-kept', '0.3', '--time', '6s', '--name', 'With kept land', '--json');
    await expect.poll(() => named('With kept land'), { timeout: 20_000 }).toBeTruthy(); // beside the running server
    const made = await plan((await named('With kept land'))!.id);
    const block = made.blocks.find((b) => b.kept.length === 1)!;
    const other = made.blocks.find((b) => b.id !== block.id)!;
    const kept = block.kept[0]!;
    const takesBack = () => planner.handBar.getByRole('button', { name: 'Undo the last change' }).click();
    await sits(`#lang=en&plan=${made.id}&block=${block.id}`);
    await planner.presses('e');
    await planner.sees('keeps all rules', planner.handBar);
    await planner.picksParcel(kept);
    await planner.sees(`kept inside block ${block.id}, not cleared`, planner.drawer);
    await planner.drawer.getByRole('button', { name: 'Keep no longer' }).click();
    await planner.sees(new RegExp(`${block.id} (falls|is in|encloses|does not)|${block.id}.*(parts|island|encloses)`), planner.handBar);
    await planner.photographs('kept-objection-en');
    // Marked again from the block that is open: by key, with the parcel selected.
    await planner.button('Select this parcel').click();
    await planner.picksBlock(block.id);
    await planner.drawer.getByRole('heading', { name: block.id }).waitFor();
    await planner.presses('q');
    await planner.sees('keeps all rules', planner.handBar);
    await planner.photographs('kept-again-en');
    await planner.button('Deselect').click();
    // A candidate cannot be kept, and the checker says so.
    await planner.picksParcel(other.parcels[0]!);
    await planner.button('Select this parcel').click();
    await planner.picksBlock(block.id);
    await planner.selection.getByRole('button', { name: 'Keep inside' }).click();
    await planner.sees(`${other.parcels[0]} is a candidate and cannot be kept inside ${block.id}`, planner.handBar);
    await takesBack();
    await planner.sees('keeps all rules', planner.handBar);
    await planner.handBar.getByRole('button', { name: 'Keep …' }).click();
    await planner.handBar.getByLabel('Name of the new plan').fill('Kept by hand');
    await planner.handBar.getByRole('button', { name: 'Keep as a new plan' }).click();
    await planner.handBar.waitFor({ state: 'detached' });
    const mine = await plan((await named('Kept by hand'))!.id);
    expect(mine.blocks.find((b) => b.parcels.includes(block.parcels[0]!))?.kept).toEqual([kept]);
  });

  test('handles buildings one by one by hand, is told what the plan does not know, and takes what it knows', async () => {
    const parcels = large(first).slice(0, 4).flatMap((b) => b.parcels);
    const rows: string[] = [];
    for (const id of parcels) {
      const land = (await get<ParcelInfo>(`/api/parcels/${id}`)).area_m2;
      const row = (n: number, floor: number, ground: number, words: string) => rows.push(`${id}-F000${n},${id},${Math.round(floor * land)},${Math.round(ground * land)},${words}`);
      row(1, 0.4, 0.2, '厂房,2012,完好房,否');
      row(2, 0.2, 0.1, '仓库,2004,完好房,否');
    }
    const table = join(dirname(office.program.city), 'buildings.csv');
    writeFileSync(table, ['自然幢号,宗地代码,建筑面积(平方米),占地面积(平方米),房屋用途,竣工年份,完损等级,是否保护', ...rows].join('\n') + '\n');
    office.program.run('import', office.program.city, table, '--json');
    office.program.run('renewal', 'solve', office.program.city, '--years', `${first.years[0]}-${first.years.at(-1)}`, '--min-mu', '60', '--mixes', '3', '--time', '6s', '--name', 'By building', '--json');
    await expect.poll(() => named('By building'), { timeout: 20_000 }).toBeTruthy();
    const made = await plan((await named('By building'))!.id);
    const block = made.blocks.find((b) => b.parcels.some((id) => parcels.includes(id)))!;
    const ways = await Promise.all(block.parcels.map((id) => get<MixInfo[]>(`/api/plans/${made.id}/mixes/${id}`)));
    const [parcel, known] = [block.parcels, ways].map((list) => list[ways.findIndex((all) => all.length > 0)]) as [string, MixInfo[]];
    expect(known?.length).toBeGreaterThan(0);
    const other = known.find((m) => m.modes.includes(block.mode) && !block.treated.some((x) => x.parcel === parcel && x.buildings.every((b, n) => b.what === m.buildings[n]!.what)))!;
    const handles = (n: number) => planner.drawer.getByLabel(/^What becomes of/).nth(n);
    const unknown = ['keep', 'refit', 'raise', 'clear'].flatMap((a) => ['keep', 'refit', 'raise'].map((b) => [a, b] as const)).find(([a, b]) => !known.some((m) => m.buildings[0]!.what === a && m.buildings[1]!.what === b))!;
    await sits(`#lang=en&plan=${made.id}&parcel=${parcel}`);
    await handles(1).waitFor();
    for (const [n, b] of other.buildings.entries()) await handles(n).selectOption(b.what);
    await planner.sees('than before', planner.handBar);
    await planner.page.getByText('The nearest it knows').waitFor({ state: 'detached' }); // half way there may be no way the plan knows
    await handles(0).selectOption(unknown[0]);
    await handles(1).selectOption(unknown[1]);
    await planner.sees('The nearest it knows', planner.drawer);
    const broken = planner.handBar.getByRole('button', { name: /^Rules broken/ });
    await broken.waitFor();
    if ((await broken.getAttribute('aria-expanded')) !== 'true') await broken.click();
    await planner.sees(`knows no such way to handle the buildings of ${parcel}`, planner.handBar);
    await planner.findsNoBarrier();
    await planner.photographs('buildings-objection-en');
    await planner.drawer.getByRole('button', { name: 'Take that one' }).click();
    await planner.page.getByText('The nearest it knows').waitFor({ state: 'detached' });
    await planner.handBar.getByText('knows no such way').waitFor({ state: 'detached' });
    await planner.handBar.getByRole('button', { name: 'Undo the last change' }).click();
    await planner.sees('The nearest it knows', planner.drawer);
    for (const [n, b] of other.buildings.entries()) await handles(n).selectOption(b.what);
    await planner.handBar.getByText('knows no such way').waitFor({ state: 'detached' });
    await planner.handBar.getByRole('button', { name: 'Keep …' }).click();
    await planner.handBar.getByLabel('Name of the new plan').fill('Handled by hand');
    await planner.handBar.getByRole('button', { name: 'Keep as a new plan' }).click();
    await planner.handBar.waitFor({ state: 'detached' });
    const mine = await plan((await named('Handled by hand'))!.id);
    expect(mine.blocks.flatMap((b) => b.treated).find((x) => x.parcel === parcel)?.buildings).toEqual(other.buildings);
  });

  test('copies a plan, solves it with less, and looks at both on one map', async () => {
    await sits(`#lang=en&plan=${first.id}&open=plans`);
    await planner.button(`Duplicate: Plan ${first.id}`).click();
    await expect.poll(async () => (await named(`Plan ${first.id}, copy`))?.value).toBe(first.value);
    await planner.button('Plan again').click();
    await planner.drawer.getByLabel('Name of the new plan').fill('Half the demolition');
    await planner.drawer.getByLabel(/floor area torn down/i).fill('100000');
    await planner.drawer.getByLabel('Stop after, seconds').fill('4');
    await planner.button('Start').click();
    await planner.sees(/Plan \d+ is ready/, undefined, sure);
    const less = await plan((await named('Half the demolition'))!.id);
    for (const y of less.by_year) expect(y.demolished_m2.used).toBeLessThanOrEqual(100_000);
    await planner.button('What changed?').click();
    await planner.sees('Half the demolition beside', planner.drawer);
    await planner.waitsForTheMap();
    await planner.sees('Only in B (the other)', planner.page.locator('aside'));
    const onlyB = '#e69f00'; // ../src/map/palette.ts
    let only = '';
    for (const id of [...cleared(first).keys()].filter((one) => !cleared(less).has(one))) {
      if ((await planner.colourOf(id)) !== onlyB) continue; // under the drawer, or a name lies over it
      only = id;
      break;
    }
    expect(only, 'a lot of the other plan alone is drawn so').not.toBe('');
    await planner.drawer.getByRole('button', { name: 'Swipe' }).click();
    await planner.drawer.getByRole('button', { name: 'Close' }).click();
    const over = planner.page.locator('[data-testid=swipe]');
    await over.locator('[data-idle=true]').waitFor({ timeout: 30_000 });
    await planner.photographs('swipe-en');
    const handle = (await planner.page.locator('.handle').boundingBox())!;
    await planner.page.mouse.move(handle.x + 5, handle.y + 5);
    await planner.page.mouse.down();
    await planner.page.mouse.move(handle.x + 205, handle.y + 5, { steps: 4 });
    await planner.page.mouse.up();
    await expect.poll(async () => (await planner.page.locator('.handle').boundingBox())!.x).toBeGreaterThan(handle.x + 150);
    await planner.button('End swipe').click();
    await over.waitFor({ state: 'detached' });
    await expect.poll(() => planner.colourOf(only), { message: 'the difference is drawn again', timeout: 20_000 }).toBe(onlyB);
  });

  test('is told of one ready plan at a time, until it is opened', async () => {
    await sits(`#lang=en&plan=${first.id}`);
    const told = planner.page.getByTestId('solve');
    const solves = async (name: string) => {
      await planner.presses('r');
      await planner.drawer.getByLabel('Name of the new plan').fill(name);
      await planner.drawer.getByLabel('Stop after, seconds').fill('3');
      await planner.button('Start').click();
    };
    // Who draws goes on drawing; the plan waits to be opened.
    await planner.presses('e');
    await planner.sees('as the plan it was made from', planner.handBar);
    await solves('While I drew');
    await planner.sees(/Plan \d+ is ready/, told, sure);
    expect(planner.planShown()).toBe(first.id);
    await told.getByRole('button', { name: 'Open' }).click();
    await told.waitFor({ state: 'detached' });
    const drew = (await named('While I drew'))!.id;
    await expect.poll(() => planner.planShown()).toBe(drew);
    // One that opens by itself stays told, also when another is looked at.
    await solves('The next');
    await planner.sees(/Plan \d+ is ready/, told, sure);
    const next = (await named('The next'))!.id;
    await expect.poll(() => planner.planShown()).toBe(next);
    await planner.sees('checked: passed', undefined, sure);
    await planner.page.getByRole('combobox', { name: 'Plan', exact: true }).selectOption(String(first.id));
    await expect.poll(() => planner.planShown()).toBe(first.id);
    await planner.sees(`Plan ${next} is ready`, told);
    await planner.photographs('ready-en');
    // A newer one takes its place.
    await solves('The last');
    await planner.sees('Planning in the background', told);
    expect(await planner.page.getByText(/is ready/).count()).toBe(0);
    await planner.sees(/Plan \d+ is ready/, told, sure);
    expect(await told.innerText()).not.toContain(`Plan ${next} `);
    await planner.page.getByRole('combobox', { name: 'Plan', exact: true }).selectOption(String(next));
    await planner.sees('checked: passed'); // known, and said again
    await planner.page.getByRole('combobox', { name: 'Plan', exact: true }).selectOption(String((await named('The last'))!.id));
    await told.waitFor({ state: 'detached' });
  });

  test.each([['laptop', laptop], ['phone', phone]] as const)('asks for a second plan while one is made, and loses sight of neither (%s)', async (on, size) => {
    await sits(`#lang=en&plan=${first.id}`, size);
    const [ahead, last, page] = [planner.page.getByTestId('solve-ahead'), planner.page.getByTestId('solve'), planner.page];
    await planner.presses('r');
    const height = () => page.locator('section.time').evaluate((strip) => strip.clientHeight);
    const start = planner.drawer.getByRole('button', { name: 'Start' });
    await start.waitFor();
    const box = (await start.boundingBox())!;
    const strip = await page.locator('section.time').boundingBox(); // folded away beside a drawer on a phone
    expect(box.y + box.height, 'Start is in sight').toBeLessThanOrEqual(strip?.y ?? size.height);
    const tall = await height();
    await planner.sees(/More rules/, planner.drawer);
    expect(await planner.drawer.getByLabel(/least land of a block/i).isVisible(), 'the rest is folded').toBe(false);
    const asks = async (name: string, seconds: string, button: string) => {
      await planner.drawer.getByLabel('Name of the new plan').fill(`${name} ${on}`);
      await planner.drawer.getByLabel('Stop after, seconds').fill(seconds);
      await planner.drawer.getByRole('button', { name: button }).click();
    };
    await asks('Made first', '60', 'Start');
    await planner.seesNoDrawer();
    await planner.presses('r');
    await planner.sees('Planning in the background', last);
    await planner.sees('Yours starts when it is done', planner.drawer);
    await asks('Made second', '3', 'Start after it');
    await planner.seesNoDrawer();
    await planner.presses('r');
    await planner.sees(`Made first ${on}`, ahead);
    await planner.sees('Waiting for the plan before it', last);
    await planner.sees('One plan is being made and one more waits', planner.drawer);
    expect(await planner.drawer.getByRole('button', { name: 'Start after it' }).isDisabled()).toBe(true);
    await planner.photographs(`queue-${on}-en`);
    await page.reload(); // both are found again
    await planner.sees('Waiting for the plan before it', last);
    await planner.sees('The plan is worth', ahead, sure);
    await planner.presses('h');
    await ahead.getByRole('button', { name: 'Stop and keep the best' }).click(); // from another room
    await expect.poll(() => named(`Made first ${on}`), { timeout: sure }).toBeTruthy();
    await expect.poll(() => named(`Made second ${on}`), { timeout: sure }).toBeTruthy();
    await page.getByRole('button', { name: 'Map', exact: true }).click();
    await planner.sees(/Plan \d+ is ready/, last, sure);
    await page.getByText('checked: passed').first().waitFor({ state: strip ? 'visible' : 'attached', timeout: sure });
    if (strip) expect(await height(), 'the strip keeps its height').toBe(tall);
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

  test('goes from what differs between two plans to the map, by mouse and by key', async () => {
    const [moved, dropped] = large(first) as [BlockInfo, BlockInfo];
    const year = otherYear(moved);
    await sits(`#lang=en&plan=${first.id}&block=${dropped.id}`);
    await planner.drawer.getByRole('button', { name: 'Take block out' }).click();
    await planner.picksBlock(moved.id);
    await movesBlockTo(year);
    await planner.sees(/less than before|more than before/, planner.handBar);
    await planner.button('Whole city').click();
    await planner.waitsForTheMapToStand();
    await planner.handBar.getByRole('button', { name: 'Beside the plan before' }).click();
    const rows = planner.drawer.getByTestId('differing').getByRole('button');
    await expect.poll(() => rows.count()).toBe(2);
    await planner.photographs('compare-blocks-en');
    await planner.presses('Control+p'); // a plan drawn by hand is nowhere but on this map
    await planner.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await planner.page.getByTestId('paper').locator('canvas').evaluate((c: HTMLCanvasElement) => (c.hidden ? 0 : c.width)), 'the map as it stands').toBeGreaterThan(300);
    await rows.filter({ hasText: `works from ${year} instead of ${moved.year}` }).click();
    await expect.poll(() => planner.looksAt(moved.box), { timeout: 20_000, message: 'the map goes to the block that moved' }).toBe(true);
    await planner.sees('Blocks that differ', planner.drawer);
    await planner.photographs('compare-gone-en');
    const left = rows.filter({ hasText: 'only in the other' });
    await planner.presses((await rows.first().innerText()).includes('only in the other') ? 'ArrowUp' : 'ArrowDown');
    await expect.poll(() => left.evaluate((b) => b === document.activeElement), { message: 'arrows go through the rows' }).toBe(true);
    await planner.presses('Enter');
    await expect.poll(() => planner.looksAt(dropped.box), { timeout: 20_000, message: 'and to the block that is left out' }).toBe(true);
    expect(await left.getAttribute('aria-current')).toBe('true');
    await planner.findsNoBarrier();
    await planner.switchesTo('zh');
    await planner.sees('有变化的连片地块', planner.drawer);
    await planner.photographs('compare-gone-zh');
    await planner.button('放弃调整').click();
  });

  test('goes from what differs to the map on a phone', async () => {
    const less = [...first.blocks].slice(1).map((b) => ({ id: b.id, parcels: b.parcels, kept: b.kept, year: b.year, mode: b.mode, pinned: [], treated: b.treated }));
    const answer = await fetch(`${office.program.url}/api/plans/${first.id}/keep`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'One block less', blocks: less, over: false, was: first.run.id }) });
    const other = (await answer.json()) as PlanHead;
    await sits(`#lang=zh&plan=${first.id}&vs=${other.id}&open=compare`, phone);
    const row = planner.drawer.getByTestId('differing').getByRole('button').first();
    await row.click();
    await expect.poll(() => planner.looksAt(first.blocks[0]!.box), { timeout: 20_000 }).toBe(true);
    await planner.findsNothingCutOff();
    await planner.photographs('compare-phone-zh');
  });

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
    const sent = await opensElsewhere(page.bytes);
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

  test('hands the plan over as files that are what they say', async () => {
    await sits(`#lang=en&plan=${first.id}`);
    await planner.button('Hand over').click();
    const saves = (form: string) => planner.saves(() => planner.button(`Save: ${form}`).click());
    const docx = await saves('Report (Word)');
    expect(docx.name).toMatch(/\.docx$/);
    expect(docx.bytes.subarray(0, 2).toString()).toBe('PK');
    expect(docx.bytes.includes('word/document.xml')).toBe(true);
    const report = await opensElsewhere((await saves('Report (web page)')).bytes);
    expect(await runsOffThePage(report)).toEqual([]);
    const signed = report.locator('.signature');
    for (const words of ['Signature and seal', 'Place', 'Date', 'Fingerprint of its input (SHA-256)']) await planner.sees(words, signed);
    await report.context().close();
    // With a second plan each form says whether it shows both.
    const copied = await fetch(`${office.program.url}/api/plans/${first.id}/copy`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'Put beside' }) });
    expect(copied.ok).toBe(true);
    await planner.page.reload();
    await planner.page.getByLabel('Compare with').selectOption({ label: 'Put beside' });
    await expect.poll(() => planner.page.getByText('shows both plans').count()).toBe(5);
    expect(await planner.page.getByText(/this form is of one plan/).count()).toBe(3);
    const both = await saves('Report (web page)');
    expect(both.name).toMatch(/_Put-beside_comparison_en\.html$/);
    const twoPlans = await opensElsewhere(both.bytes);
    expect(await runsOffThePage(twoPlans)).toEqual([]);
    await planner.sees('in both, same year', twoPlans.locator('figure'));
    expect(await twoPlans.locator('figure svg.map').count()).toBe(1);
    await twoPlans.context().close();
    await planner.page.getByLabel('Compare with').selectOption({ label: 'no other plan' });
    // For who decides: two pages, in either form.
    const brief = await saves('For decision, two pages (web page)');
    expect(brief.name).toMatch(/^\d{4}-\d\d-\d\d_.+_for-decision_en\.html$/);
    const short = await opensElsewhere(brief.bytes);
    expect(await runsOffThePage(short)).toEqual([]);
    for (const words of ['What is to be decided', 'Key figures beside the caps', 'Firms that have to leave, block by block', 'Risks', 'Signatures']) await planner.sees(words, short.locator('h2'));
    const sheets = (await short.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g);
    expect(sheets?.length, 'pages of A4').toBe(2);
    await short.context().close();
    expect((await saves('For decision, two pages (Word)')).bytes.subarray(0, 2).toString()).toBe('PK');
    const xlsx = await saves('Tables (Excel)');
    expect(xlsx.bytes.subarray(0, 2).toString()).toBe('PK');
    expect(xlsx.bytes.includes('xl/workbook.xml')).toBe(true);
    const png = await saves('Map (PNG)');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(png.bytes.readUInt32BE(16), 'pixels across, as asked').toBe(2000);
    const svg = await saves('Map (SVG)');
    const marks = svg.bytes.toString();
    expect(marks).toMatch(/<svg[^>]+viewBox/);
    expect(marks).toContain('Tingning');
    const viewer = await planner.page.context().newPage(); // whoever gets the file opens it elsewhere
    expect(await viewer.evaluate((xml) => new DOMParser().parseFromString(xml, 'image/svg+xml').querySelector('parsererror') === null, marks)).toBe(true);
    await viewer.close();
    await planner.sees(/is written/);
  });

  test('shares a link by which a colleague looks, and changes nothing', async () => {
    await sits(`#lang=en&plan=${first.id}&room=handover`);
    await planner.page.getByLabel('For whom').fill('the mayor');
    await planner.button('Make a link').click();
    await planner.sees('The link is shown once');
    const link = (await planner.page.locator('code').filter({ hasText: '/s/' }).innerText()).trim();
    const version = (await get<CityInfo>('/api/city')).version.city;
    const mayor = await Planner.sitsDown(office.browser, office.program.site);
    await mayor.page.goto(link);
    await mayor.waitsForTheMap();
    const banner = mayor.page.getByTestId('looking');
    await mayor.sees('nothing can be changed here', banner);
    await mayor.sees(`Plan ${first.id}, made`, banner);
    await mayor.sees('data as of 31 Oct 2026', banner);
    expect(await mayor.page.getByRole('combobox', { name: 'Plan', exact: true }).locator('option').allInnerTexts(), 'no other plan is offered').toEqual([`Plan ${first.id}`]);
    await mayor.picksBlock(first.blocks[0]!.id);
    await mayor.drawer.getByRole('heading', { name: first.blocks[0]!.id }).waitFor();
    for (const name of ['Lock block in', 'Change by hand', 'Plan again', 'What if?', 'Rectangle']) expect(await mayor.button(name).count(), name).toBe(0);
    await mayor.drawer.focus();
    await mayor.presses('s', 'i', 'e', 'n', 'r', 'z');
    await mayor.sees('nothing can be changed here', banner);
    expect(await mayor.handBar.count() + (await mayor.dock.count())).toBe(0);
    const put = await mayor.page.evaluate(async () => (await fetch(`${location.pathname}api/locks`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{"base":1,"locks":[]}' })).status);
    expect(put, 'the server refuses, whatever the page does').toBe(403);
    expect((await get<CityInfo>('/api/city')).version.city).toBe(version);
    mayor.complaints.splice(0, 1); // the refusal asked for
    mayor.hasNoComplaint();
    await planner.button('Revoke: the mayor').click();
    await planner.sees('No link has been made');
    await mayor.sees('This link is not valid any more', undefined, 20_000);
    const refusals = mayor.complaints.length;
    await mayor.page.waitForTimeout(9000); // two rounds of looking
    expect(mayor.complaints.length, 'it does not go on asking').toBe(refusals);
    mayor.complaints.length = 0;
    await mayor.page.reload();
    await mayor.sees('this link is not valid');
    await mayor.leaves();
  });

  test('meets a colleague who changed the same plan, and brings both together', async () => {
    const mine = (await named('By my hand'))!;
    const before = await plan(mine.id);
    const [a, b] = large(before) as [BlockInfo, BlockInfo];
    await sits(`#lang=en&plan=${mine.id}&block=${a.id}`);
    const colleague = await Planner.sitsDown(office.browser, office.program.site);
    await colleague.opensCity(`#lang=en&plan=${mine.id}&block=${b.id}`);
    await movesBlockTo(otherYear(a));
    await planner.sees(/than before|as the plan/, planner.handBar);
    await movesBlockTo(otherYear(b), colleague);
    await colleague.picksBlock(a.id);
    await colleague.drawer.getByRole('heading', { name: a.id, level: 2 }).waitFor();
    const third = before.years.find((y) => y !== a.year && y !== otherYear(a))!;
    await movesBlockTo(third, colleague);
    await keeps(/^Keep over/, colleague);
    await colleague.handBar.waitFor({ state: 'detached' });
    await colleague.leaves();
    await keeps(/^Keep over/);
    const clash = planner.page.getByTestId('clash');
    await planner.sees('Somebody else changed this plan meanwhile', clash);
    expect(cleared(await plan(mine.id)).get(a.parcels[0]!), 'nothing is overwritten').toBe(third);
    const choice = clash.getByRole('radiogroup');
    expect(await choice.count(), 'of the blocks both changed, and no other').toBe(1);
    await planner.sees(new RegExp(`works from ${otherYear(a)}`), choice.getByText('Mine:').locator('..'));
    await planner.sees(new RegExp(`works from ${third}`), choice.getByText('Theirs:').locator('..'));
    await planner.findsNoBarrier();
    await planner.photographs('plan-conflict-en');
    await planner.switchesTo('zh');
    await planner.sees('他人', clash);
    await planner.photographs('plan-conflict-zh');
    await planner.page.setViewportSize(phone);
    await planner.findsNothingCutOff();
    await planner.photographs('plan-conflict-phone-zh');
    await planner.page.setViewportSize(laptop);
    await planner.switchesTo('en');
    await choice.getByLabel('Mine:').check();
    await planner.button('Bring both together').click();
    await clash.waitFor({ state: 'detached' });
    await planner.sees(/than before|as the plan/, planner.handBar);
    await planner.handBar.getByRole('button', { name: /^Keep over/ }).click();
    await planner.handBar.waitFor({ state: 'detached' });
    const both = cleared(await plan(mine.id));
    expect([both.get(a.parcels[0]!), both.get(b.parcels[0]!)]).toEqual([otherYear(a), otherYear(b)]);
    planner.complaints.splice(0); // the refusal itself stands in the console
  });

  test('goes on drawing when the line is lost, and in a page that grew old', async () => {
    const block = large(first)[0]!;
    await sits(`#lang=en&plan=${first.id}&block=${block.id}`);
    await planner.page.context().setOffline(true);
    await movesBlockTo(otherYear(block));
    await planner.sees('The server does not answer: your changes are kept here');
    await planner.sees('figures below are those from before your last change', planner.drawer);
    await planner.drawer.getByRole('heading', { name: new RegExp(`^${otherYear(block)}-`) }).waitFor();
    expect(await planner.drawer.getByLabel('Works start').inputValue()).toBe(String(otherYear(block)));
    expect(await planner.drawer.getByRole('button', { name: block.parcels[0]!, exact: true }).count(), 'its parcels stay').toBe(1);
    await planner.photographs('offline-en');
    await planner.page.context().setOffline(false);
    await planner.button('Try again').click();
    await planner.sees(/than before|as the plan it was made from/, planner.handBar);
    await planner.page.getByText('The server does not answer').first().waitFor({ state: 'detached' });
    await planner.drawer.getByRole('heading', { name: new RegExp(`^${otherYear(block)}-`) }).waitFor();
    await planner.page.route('**/api/version', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), program: '9.9.9' } });
    });
    await planner.sees('The program was updated');
    await planner.page.unroute('**/api/version');
    await planner.button('Reload').click();
    await planner.page.getByText('The program was updated').waitFor({ state: 'detached' });
    await planner.sees(/than before|as the plan it was made from/, planner.handBar);
    expect(cleared(await plan(first.id)).get(block.parcels[0]!), 'nothing is stored yet').toBe(block.year);
    await planner.handBar.getByRole('button', { name: 'Drop changes' }).click();
    await planner.handBar.waitFor({ state: 'detached' });
    planner.complaints.splice(0); // the lost requests
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

  // What is new on the screen, in both languages: no barrier, nothing wider than the screen.
  test.each([['laptop', laptop], ['phone', phone]] as const)('meets no barrier on the newer screens (%s)', async (name, size) => {
    await sits('#lang=en', size);
    const copied = await fetch(`${office.program.url}/api/plans/${first.id}/copy`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: `To compare on a ${name}` }) });
    const other = ((await copied.json()) as PlanHead).id;
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
