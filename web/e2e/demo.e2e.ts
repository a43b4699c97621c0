// The whole way: a city made, graded and planned by the program, in a real file, on the map.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { CityInfo, PlanInfo } from '../src/api/types.gen';
import { executable } from './browser';
import { Office } from './office';

describe.skipIf(!executable)('the demo city', () => {
  const office = Office.opens((program) => program.demo('8s'));
  const { get } = office;

  beforeAll(async () => {
    if ((await get<CityInfo>('/api/city')).plan > 0) return;
    // Beside the running server: the plan appears on the map by itself.
    office.program.run('renewal', 'solve', office.program.city, '--min-mu', '60', '--time', '8s', '--json');
    await vi.waitFor(async () => expect((await get<CityInfo>('/api/city')).plan).toBeGreaterThan(0), { timeout: 20_000, interval: 300 });
  });

  test('a planner reads the plan, a block, and why a parcel is in', async () => {
    const { plan: id } = await get<CityInfo>('/api/city');
    const plan = await get<PlanInfo>(`/api/plans/${id}`);
    expect(plan.blocks.length).toBeGreaterThan(3);
    for (const y of plan.by_year) expect(y.cost.used, `money of ${y.year}`).toBeLessThanOrEqual(y.cost.cap ?? Infinity);

    const planner = await office.sits('', undefined, 'zh-CN');
    await planner.waitsForTheMap();
    await planner.photographs('demo-zh');
    await planner.picksBlock(plan.blocks[0]!.id);
    await planner.sees(`${plan.blocks[0]!.year} 年启动`, planner.drawer);
    await planner.picksParcel(plan.blocks[0]!.parcels[0]!);
    await planner.sees('依据的数字', planner.drawer);
    expect(await planner.drawer.innerText(), 'a colon as Chinese writes it').not.toMatch(/[\u4e00-\u9fff]: ?(\n|$|\S)/);
    await planner.button('上限与详情').click();
    await planner.sees('各项上限及使用情况', planner.drawer);
    await planner.photographs('demo-plan-zh');
    await planner.findsNoBarrier();
    expect(await planner.page.locator('body').innerText(), 'no gap in the words').not.toMatch(/\[[a-z]+\.[a-z_.]+\]/);
  });
});
