// Plans changed by hand: what breaks, what is kept, and what a colleague or a lost line does to it.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BlockInfo, MixInfo, ParcelInfo, PlanInfo } from '../src/api/types.gen';
import { executable } from './browser';
import { cleared, DemoCity, large } from './demo-city';
import { laptop, phone, Planner } from './planner';

describe.skipIf(!executable)('a planner who draws by hand', { timeout: 240_000 }, () => {
  const city = DemoCity.opens();
  const { office, get, plan, named, movesBlockTo, otherYear, keeps } = city;
  let planner: Planner;
  let first: PlanInfo; // as the demo left it

  beforeAll(() => {
    first = city.first;
  });

  const sits = async (link: string, size = laptop) => {
    planner = await city.sits(link, size);
  };

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
});
