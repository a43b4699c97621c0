// A planner plans: locks, solves again, compares.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LocksInfo } from '../src/api/types.gen';
import { executable, launch } from './browser';
import { laptop, phone, Planner } from './planner';
import { Site } from './site';

describe.skipIf(!executable)('a planner at the workbench', () => {
  let browser: Browser;
  let site: Site;
  let planner: Planner;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
  });
  afterEach(async () => {
    planner.hasNoComplaint();
    await planner.leaves();
    await site.stop();
  });
  const locks = async () => (await (await fetch(`${site.url}/api/locks`)).json()) as LocksInfo;
  const sits = async (link: string, size = laptop, ...args: string[]) => {
    site = await Site.start(inject('program'), ...args);
    planner = await Planner.sitsDown(browser, site, size);
    await planner.opensCity(link);
    await planner.waitsForTheMap();
  };

  test('locks two blocks, solves again, and compares', async () => {
    await sits('#lang=en');
    const plan = await planner.plan();
    const [out, late] = [plan.blocks[2]!, plan.blocks[0]!];
    await planner.picksBlock(out.id);
    await planner.button('Select all its parcels').click();
    await planner.sees(`${out.parcels.length} selected`);
    await planner.photographs('selection-en');
    await planner.selection.getByRole('button', { name: 'Lock out' }).click();
    await expect.poll(async () => (await locks()).locks.filter((l) => l.kind === 'out').length).toBeGreaterThanOrEqual(out.parcels.length);
    await planner.button('Deselect').click();
    // What is locked of a block is one line, until it is unfolded.
    const list = planner.page.getByTestId('locks');
    const line = () => list.getByRole('listitem').filter({ hasText: `Block ${out.id}` });
    await planner.sees(`${out.parcels.length} out`, line());
    expect(await list.getByRole('button', { name: new RegExp(`^. ?${out.parcels[0]!}`) }).count(), 'folded').toBe(0);
    await list.getByRole('button', { name: `Show each lot: ${out.id}` }).click();
    await planner.sees(out.parcels[0]!, list);
    await planner.photographs('locks-unfolded-en');
    await list.getByRole('button', { name: `Fold: ${out.id}` }).click();
    await list.getByText(out.parcels[0]!).waitFor({ state: 'detached' });
    await planner.picksBlock(late.id);
    await planner.button('Select all its parcels').click();
    await planner.selection.getByRole('combobox').selectOption('2031');
    await planner.selection.getByRole('button', { name: 'Lock in' }).click();
    await expect.poll(async () => (await locks()).locks.filter((l) => l.year === 2031).length).toBe(late.parcels.length);
    await planner.button('Deselect').click();
    await planner.button('Plan again').click();
    await planner.drawer.getByLabel('Name of the new plan').fill('Second');
    await planner.findsNoBarrier();
    await planner.photographs('solve-en');
    const told = await planner.writesDown('solve'); // each step stands for a moment only
    await planner.button('Start').click();
    await planner.sees('Plan 4 is ready');
    const steps = await told();
    expect(steps.some((step) => step.includes('Planning in the background'))).toBe(true);
    const without = steps.filter((step) => step.includes('No plan keeps all the rules yet'));
    expect(without.length, 'says that there is no plan yet').toBeGreaterThan(0);
    expect(without.join(), 'no bound before there is a plan').not.toMatch(/bound|gap/);
    expect(steps.some((step) => /bound/.test(step)), 'a bound once there is one').toBe(true);
    await planner.sees('checked: passed');
    await planner.button('What changed?').click();
    await planner.sees('Second beside Plan 3', planner.drawer);
    await planner.waitsForTheMap();
    await planner.findsNoBarrier();
    await planner.photographs('compare-en');
    expect(planner.page.url()).toContain('vs=3');
    await planner.switchesTo('zh');
    await planner.photographs('compare-zh');
    expect(await planner.page.locator('body').innerText(), 'no gap in the words').not.toMatch(/\[[a-z]+\.[a-z_.]+\]/);
    const colleague = await Planner.sitsDown(browser, site);
    await colleague.opensCity(new URL(planner.page.url()).hash);
    await colleague.sees('仅 A 列入（本方案）', colleague.drawer);
    await colleague.leaves();
  });

  test('locks by key, takes it back, and finds commands by name', async () => {
    await sits('#lang=en');
    const before = (await locks()).locks.length;
    expect(await planner.button('Undo the last change').isDisabled(), 'what others locked before is not ours to undo').toBe(true);
    const id = (await planner.plan()).blocks[1]!.parcels[0]!;
    await planner.picksParcel(id);
    await planner.drawer.focus();
    await planner.presses('s', 'o');
    await expect.poll(async () => (await locks()).locks.length).toBe(before + 1);
    await planner.presses('Control+z');
    await expect.poll(async () => (await locks()).locks.length).toBe(before);
    await planner.presses('Control+Shift+z');
    await expect.poll(async () => (await locks()).locks.length).toBe(before + 1);
    await planner.presses('Control+k');
    await planner.page.getByRole('combobox', { name: 'What would you like to do or find?' }).fill('take lock');
    await planner.findsNoBarrier();
    await planner.photographs('palette-en');
    await planner.presses('Enter');
    await expect.poll(async () => (await locks()).locks.length).toBe(before);
  });

  test('takes steps by hand back, and the drawer stays with what it showed', async () => {
    await sits('#lang=en');
    const plan = await planner.plan();
    const block = plan.blocks[0]!;
    const year = plan.years.find((y) => y !== block.year)!;
    const shows = (id: string | RegExp) => planner.drawer.getByRole('heading', { name: id, level: 2 }).waitFor();
    await planner.picksBlock(block.id);
    await planner.drawer.getByLabel('Works start').selectOption(String(year));
    await shows(new RegExp(`^${year}-`));
    await planner.drawer.focus();
    await planner.presses('Control+z');
    await shows(block.id);
    await planner.presses('Control+Shift+z');
    await shows(new RegExp(`^${year}-`));
    await planner.presses('Control+z');
    await shows(block.id);
    await planner.drawer.getByRole('button', { name: 'Take block out' }).click();
    await planner.sees(`Block ${block.id} is not in this plan any more`, planner.drawer);
    await planner.photographs('drawer-gone-en');
    await planner.drawer.focus();
    await planner.presses('Control+z');
    await shows(block.id);
  });

  test('keeps what was drawn by hand though the city is read again while the button is held', async () => {
    await sits('#lang=en');
    const plan = await planner.plan();
    const block = plan.blocks[0]!;
    await planner.picksBlock(block.id);
    await planner.drawer.getByLabel('Works start').selectOption(String(plan.years.find((y) => y !== block.year)!));
    await planner.sees(/than before|as the plan/, planner.handBar);
    let answer = () => {};
    const late = new Promise<void>((r) => (answer = r));
    await planner.page.route('**/draft', async (route) => {
      await late;
      await route.continue();
    });
    const reckoned = planner.page.waitForRequest('**/draft');
    const keep = planner.handBar.getByRole('button', { name: 'Keep …' });
    const place = (await keep.boundingBox())!;
    await planner.page.mouse.move(place.x + place.width / 2, place.y + place.height / 2);
    await planner.page.mouse.down();
    const now = await locks(); // a colleague locks: the page reads the city again and has the drawing reckoned anew
    await fetch(`${site.url}/api/locks`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ base: now.version, locks: [...now.locks, { parcel: plan.blocks[1]!.parcels[0]!, kind: 'in', year: 0, note: '' }] }) });
    await reckoned;
    expect(await keep.boundingBox(), 'it stays where it was').toEqual(place);
    await planner.page.mouse.up();
    await planner.handBar.getByLabel('Name of the new plan').waitFor();
    answer();
    await planner.handBar.getByRole('button', { name: 'Keep as a new plan' }).click();
    await planner.handBar.waitFor({ state: 'detached' });
  });

  test('prints every figure of a comparison, those above a cap too', async () => {
    await sits('#lang=en');
    const plan = await planner.plan();
    const blocks = plan.blocks.map((b) => ({ id: b.id, parcels: b.parcels, kept: b.kept, year: plan.years[0]!, mode: b.mode, pinned: [], treated: b.treated })); // all at once: more than a year can bear
    const kept = await fetch(`${site.url}/api/plans/${plan.id}/keep`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'All at once', blocks, over: false, was: plan.run.id }) });
    await planner.opensCity(`#lang=en&plan=${((await kept.json()) as { id: number }).id}&vs=${plan.id}&open=compare`);
    await planner.page.reload();
    const above = planner.drawer.locator('td.over');
    await above.first().waitFor();
    await planner.page.emulateMedia({ media: 'print' });
    expect(await planner.drawer.locator('tbody tr > *').evaluateAll((cells) => cells.filter((c) => (c as HTMLElement).offsetParent === null).length), 'cells that are not printed').toBe(0);
    await planner.page.emulateMedia({ media: 'screen' });
  });

  test('meets a colleague who locked meanwhile, and merges', async () => {
    await sits('#lang=en');
    const [mine, theirs] = (await planner.plan()).blocks[1]!.parcels as [string, string];
    await planner.picksParcel(mine);
    await planner.button('Select this parcel').click();
    const now = await locks();
    const put = await fetch(`${site.url}/api/locks`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ base: now.version, locks: [...now.locks, { parcel: theirs, kind: 'in', year: 0, note: '' }] }) });
    expect(put.status).toBe(200);
    await planner.selection.getByRole('button', { name: 'Lock out' }).click();
    await planner.sees('Somebody else changed locks meanwhile'); // other ones: nothing to choose
    await expect.poll(async () => (await locks()).locks.map((l) => l.parcel)).toEqual(expect.arrayContaining([mine, theirs]));
    planner.complaints.splice(0); // the refusal itself stands in the console
  });

  test('was away while a colleague locked the same block otherwise, and chooses lot by lot', async () => {
    await sits('#lang=en');
    const [, block, other] = (await planner.plan()).blocks;
    const [mine, ...rest] = block!.parcels as [string, ...string[]];
    const kind = async (id: string) => (await locks()).locks.find((l) => l.parcel === id)?.kind;
    const colleague = await Planner.sitsDown(browser, site);
    await colleague.opensCity('#lang=en');
    await planner.picksBlock(block!.id);
    await planner.drawer.getByRole('heading', { name: block!.id, level: 2 }).waitFor();
    await planner.page.context().setOffline(true);
    await planner.button('Lock block out').click();
    await planner.sees('Your locks are not stored yet');
    await colleague.page.getByLabel('Your name, for others to read').fill('land bureau');
    await colleague.page.getByLabel('Your name, for others to read').press('Enter');
    await colleague.picksBlock(block!.id);
    await colleague.button('Lock block in').click();
    await expect.poll(() => kind(mine)).toBe('in');
    await colleague.picksBlock(other!.id);
    await colleague.drawer.getByRole('heading', { name: other!.id, level: 2 }).waitFor();
    await colleague.button('Lock block in').click();
    await expect.poll(() => kind(other!.parcels[0]!)).toBe('in');
    await planner.page.context().setOffline(false);
    // The page tries again by itself as well, whichever comes first.
    await planner.page.locator('.notices').getByRole('button', { name: 'Try again' }).click({ timeout: 5_000 }).catch(() => undefined);
    const clash = planner.page.getByTestId('clash');
    await planner.sees('You and somebody else changed the same locks', clash);
    await planner.sees(/locked in · land bureau, \d\d:\d\d/, clash);
    expect([await kind(mine), await kind(rest[0]!)], 'nothing is overwritten').toEqual(['in', 'in']);
    expect(await planner.button('Bring both together').isDisabled(), 'not before all is chosen').toBe(true);
    await planner.findsNoBarrier();
    await planner.photographs('lock-clash-en');
    // The block is one choice; unfolded, each lot is.
    await clash.getByRole('radiogroup', { name: `Block ${block!.id}` }).getByLabel('Theirs:').check();
    await clash.getByRole('button', { name: /^Show each lot/ }).click();
    await clash.getByRole('radiogroup', { name: mine }).getByLabel('Mine:').check();
    await planner.photographs('lock-clash-unfolded-en');
    await planner.page.setViewportSize(phone);
    await planner.findsNothingCutOff();
    await planner.photographs('lock-clash-phone-en');
    await planner.page.setViewportSize(laptop);
    await planner.button('Bring both together').click();
    await expect.poll(() => kind(mine)).toBe('out');
    expect([await kind(rest[0]!), await kind(other!.parcels[0]!)]).toEqual(['in', 'in']);
    // What is taken back is mine alone.
    await planner.button('Undo the last change').click();
    await expect.poll(() => kind(mine)).toBe('in');
    expect([await kind(rest[0]!), await kind(other!.parcels[0]!)]).toEqual(['in', 'in']);
    // Both at the same moment, all at once.
    await planner.page.route('**/api/version', (route) => route.abort());
    await colleague.picksBlock(block!.id);
    await colleague.drawer.getByRole('heading', { name: block!.id, level: 2 }).waitFor();
    await colleague.button('Take lock away').click();
    await expect.poll(() => kind(mine)).toBe(undefined);
    await planner.switchesTo('zh');
    await planner.button('锁定该片不纳入').click();
    await planner.sees('您与他人修改了同一些锁定', clash);
    await planner.photographs('lock-clash-zh');
    await planner.button('全部采用我的').click();
    await planner.button('合并双方').click();
    await expect.poll(() => kind(mine)).toBe('out');
    await planner.page.unroute('**/api/version');
    expect(colleague.complaints.filter((c) => !c.includes('409')), 'of what was refused it is told').toEqual([]);
    await colleague.leaves();
    planner.complaints.splice(0); // the lost requests and the refusal
  });

  test.each(['en', 'zh'] as const)('closes the page before the line is back, and finds the locks again (%s)', async (lang) => {
    const says = (en: string, zh: string) => (lang === 'en' ? en : zh);
    await sits(`#lang=${lang}`);
    const [, one, two] = (await planner.plan()).blocks;
    const kind = async (id: string) => (await locks()).locks.find((l) => l.parcel === id)?.kind;
    const context = planner.page.context();
    const locksOffline = async (id: string) => {
      await planner.picksBlock(id);
      await planner.drawer.getByRole('heading', { name: id, level: 2 }).waitFor();
      await context.setOffline(true);
      await planner.button(says('Lock block out', '锁定该片不纳入')).click();
      await planner.sees(says('Your locks are not stored yet', '锁定尚未保存'));
    };
    const comesBack = async () => {
      await planner.page.goto('about:blank'); // the page is gone
      await context.setOffline(false);
      await planner.opensCity(`#lang=${lang}`);
    };
    await locksOffline(one!.id);
    await comesBack();
    await planner.sees(says(`could not be stored are stored now: ${one!.parcels.length}`, `上次未能保存的锁定已补存：${one!.parcels.length} 宗`));
    await planner.photographs(`locks-resumed-${lang}`);
    await expect.poll(() => kind(one!.parcels[0]!)).toBe('out');
    await planner.button(says('Undo the last change', '撤销上一步')).click();
    await expect.poll(() => kind(one!.parcels[0]!)).toBe(undefined);
    // Somebody locked the same meanwhile: nothing is overwritten.
    await locksOffline(two!.id);
    const now = await locks();
    const put = await fetch(`${site.url}/api/locks`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ base: now.version, locks: [...now.locks, { parcel: two!.parcels[0]!, kind: 'in', year: 0, note: '' }] }) });
    expect(put.status).toBe(200);
    await comesBack();
    await planner.sees(says('You and somebody else changed the same locks', '您与他人修改了同一些锁定'), planner.page.getByTestId('clash'));
    expect(await kind(two!.parcels[0]!)).toBe('in');
    await planner.page.getByTestId('clash').getByRole('radio').first().check();
    await planner.button(says('Bring both together', '合并双方')).click();
    await expect.poll(() => kind(two!.parcels[0]!)).toBe('out');
    await planner.opensCity(`#lang=${lang}`);
    await planner.page.reload();
    await planner.waitsForTheMap();
    expect(await planner.page.getByText(says('stored now', '已补存')).count(), 'told once').toBe(0);
    planner.complaints.splice(0); // the lost requests
  });

  test('takes the smallest cap that would do', async () => {
    await sits('#lang=en', laptop, '-infeasible');
    await planner.sees('No plan keeps all the rules');
    await planner.photographs('clash-en');
    await planner.button(/^Raise the limit on .* and plan again$/).click();
    await planner.sees('Plan 4 is ready');
    await planner.sees('checked: passed');
  });

  test('takes off the locks that stand in the way', async () => {
    await sits('#lang=en', laptop, '-infeasible');
    await planner.sees('Take these locks off and there is a plan');
    await planner.sees('locked to be cleared in 2027');
    await planner.findsNoBarrier();
    await planner.photographs('waive-en');
    await planner.switchesTo('zh');
    await planner.sees('解除以下锁定即有可行方案');
    await planner.page.setViewportSize(phone);
    await planner.findsNothingCutOff();
    await planner.photographs('waive-phone-zh');
    await planner.page.setViewportSize(laptop);
    await planner.photographs('waive-zh');
    await planner.switchesTo('en');
    const before = (await locks()).locks;
    await planner.button('Take these locks off and plan again').click();
    await expect.poll(async () => (await locks()).locks.filter((l) => l.year === 2027).length).toBe(0);
    expect((await locks()).locks.length, 'the other locks stay').toBe(before.filter((l) => l.year !== 2027).length);
    await planner.sees('Plan 4 is ready');
  });

  test.each([['laptop', laptop, 'en'], ['phone', phone, 'zh']] as const)('draws by hand in a drawer that holds its form (%s)', async (name, size, lang) => {
    await sits(`#lang=${lang}&plan=3`, size);
    const block = (await planner.plan()).blocks[0]!;
    await planner.page.goto(`${site.url}/#lang=${lang}&plan=3&block=${block.id}`);
    await planner.page.reload();
    await planner.drawer.getByRole('heading', { name: block.id, level: 2 }).waitFor();
    const form = planner.drawer.getByText(lang === 'en' ? 'First choose a year or a way here' : '可先在此选择年份或改造方式');
    await form.waitFor();
    await form.scrollIntoViewIfNeeded();
    expect(await planner.drawer.evaluate((d) => d.scrollWidth - d.clientWidth), 'the form is as wide as the drawer').toBeLessThanOrEqual(0);
    await planner.photographs(`by-hand-${name}-${lang}`);
    const strip = planner.page.locator('section.time');
    expect(await strip.isVisible(), 'the strip is folded away on a phone').toBe(size === laptop);
    if (size === laptop) {
      await planner.button('Rectangle').click();
      const [hint, tools, drawer] = await Promise.all([planner.page.locator('p.hint').boundingBox(), planner.page.getByRole('toolbar').boundingBox(), planner.drawer.boundingBox()]);
      expect(hint!.y, 'the hint leaves the tools free').toBeGreaterThanOrEqual(tools!.y + tools!.height);
      expect(hint!.x + hint!.width, 'and the drawer').toBeLessThanOrEqual(drawer!.x);
      expect((await planner.page.locator('.notices').boundingBox())!.y, 'as notices do').toBeGreaterThanOrEqual(tools!.y + tools!.height);
      await planner.photographs('hint-en');
    }
  });

  test('does the same on a phone', async () => {
    await sits('#lang=zh', phone);
    const id = (await planner.plan()).blocks[1]!.parcels[0]!;
    await planner.picksParcel(id);
    await planner.button('选中该地块').click();
    await planner.sees('已选 1 宗');
    await planner.findsNothingCutOff();
    await planner.photographs('phone-selection-zh');
    await planner.findsNoBarrier();
  });
});
