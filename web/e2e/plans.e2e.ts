// More plans than one: copied, asked for, waited for, and laid side by side.
import { beforeAll, describe, expect, test } from 'vitest';
import type { BlockInfo, PlanHead, PlanInfo } from '../src/api/types.gen';
import { executable } from './browser';
import { cleared, DemoCity, large, sure } from './demo-city';
import { laptop, phone, type Planner } from './planner';

describe.skipIf(!executable)('a planner with several plans', { timeout: 240_000 }, () => {
  const city = DemoCity.opens();
  const { office, plan, named, movesBlockTo, otherYear } = city;
  let planner: Planner;
  let first: PlanInfo; // as the demo left it

  beforeAll(() => {
    first = city.first;
  });

  const sits = async (link: string, size = laptop) => {
    planner = await city.sits(link, size);
  };

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
});
