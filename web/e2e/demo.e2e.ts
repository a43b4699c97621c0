// The whole way: a city made, graded and planned by the program, in a real file, on the map.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CityInfo, PlanInfo } from '../src/api/types.gen';
import { executable, launch } from './browser';
import { root } from './build';
import { Planner } from './planner';
import type { Site } from './site';

describe.skipIf(!executable)('the demo city', () => {
  const dir = mkdtempSync(join(tmpdir(), 'plottage-demo-'));
  const program = join(dir, 'plottage');
  const city = join(dir, 'demo.gpkg');
  let browser: Browser;
  let server: ChildProcess;
  let url = '';

  beforeAll(async () => {
    execFileSync('go', ['build', '-o', program, './cmd/plottage'], { cwd: root, stdio: 'inherit' });
    execFileSync(program, ['demo', '--dir', dir, '--no-serve', '--time', '8s', '--json'], { stdio: ['ignore', 'ignore', 'inherit'] });
    await serve();
    if ((await get<CityInfo>('/api/city')).plan === 0) {
      // Beside the running server: the plan appears on the map by itself.
      execFileSync(program, ['renewal', 'solve', city, '--min-mu', '60', '--time', '8s', '--json'], { stdio: ['ignore', 'ignore', 'inherit'] });
      await expect.poll(async () => (await get<CityInfo>('/api/city')).plan, { timeout: 20_000 }).toBeGreaterThan(0);
    }
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.kill('SIGINT');
    if (server?.exitCode === null) await once(server, 'exit');
    rmSync(dir, { recursive: true });
  });

  const get = async <T>(path: string) => (await (await fetch(url + path)).json()) as T;

  async function serve() {
    server = spawn(program, ['serve', city, '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: server.stdout! })) {
      const found = /"url": "(http[^"]+)"/.exec(line);
      if (found) {
        url = found[1]!;
        return;
      }
    }
    throw new Error('plottage serve did not start');
  }

  test('a planner reads the plan, a block, and why a parcel is in', async () => {
    const planner = await Planner.sitsDown(browser, { url } as Site, undefined, 'zh-CN');
    const { plan: id } = await get<CityInfo>('/api/city');
    const plan = await get<PlanInfo>(`/api/plans/${id}`);
    expect(plan.blocks.length).toBeGreaterThan(3);
    for (const y of plan.by_year) expect(y.cost.used, `money of ${y.year}`).toBeLessThanOrEqual(y.cost.cap ?? Infinity);

    await planner.opensCity();
    await planner.waitsForTheMap();
    await planner.photographs('demo-zh');
    await planner.picksBlock(plan.blocks[0]!.id);
    await planner.sees(`${plan.blocks[0]!.year}年启动`, planner.drawer);
    await planner.picksParcel(plan.blocks[0]!.parcels[0]!);
    await planner.sees('依据的数字', planner.drawer);
    await planner.button('上限与详情').click();
    await planner.sees('各项上限及使用情况', planner.drawer);
    await planner.photographs('demo-plan-zh');
    await planner.findsNoBarrier();
    expect(await planner.page.locator('body').innerText(), 'no gap in the words').not.toMatch(/\[[a-z]+\.[a-z_.]+\]/);
    planner.hasNoComplaint();
    await planner.leaves();
  });
});
