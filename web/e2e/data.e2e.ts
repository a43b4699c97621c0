// From a raw file to data in the city, in the data room.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BlockWhyInfo, CityInfo, DataInfo, LandJob, PlanInfo, Solves, Summary } from '../src/api/types.gen';
import { executable } from './browser';
import { root } from './build';
import { Office } from './office';
import { laptop, phone, Planner } from './planner';

const example = readFileSync(join(root, 'examples', 'district', '宗地.geojson'), 'utf8');

interface Feature {
  properties: Record<string, unknown>;
  geometry: { type: string; coordinates: number[][][][] };
}

/** The example with a boundary that crosses itself and one that encloses nothing. */
function dirty(): Buffer {
  const layer = JSON.parse(example) as { features: Feature[] };
  const ring = (i: number) => layer.features[i]!.geometry.coordinates[0]![0]!;
  const corners = ring(3).slice(0, 4);
  layer.features[3]!.geometry = { type: 'MultiPolygon', coordinates: [[[corners[0]!, corners[2]!, corners[1]!, corners[3]!, corners[0]!]]] };
  layer.features[5]!.geometry = { type: 'MultiPolygon', coordinates: [[[ring(5)[0]!, ring(5)[0]!, ring(5)[0]!, ring(5)[0]!]]] };
  return Buffer.from(JSON.stringify(layer));
}

describe.skipIf(!executable)('an officer in the data room', () => {
  const office = Office.opens((program) => void program.run('new', program.city, '--name', '双溪区'));
  const { get } = office;
  let officer: Planner;

  const drops = (name: string, buffer: Buffer) => officer.page.getByTestId('files').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  const sits = async (link: string, size = laptop) => {
    officer = await office.sits(link, size);
  };

  test('is told why a file cannot be taken, and the city stays as it was', async () => {
    await sits('#lang=en');
    await officer.sees('This city has no parcels yet');
    await officer.button('Bring a file in here').click();
    await officer.sees('Drop files here');
    await officer.findsNoBarrier();
    await officer.photographs('data-empty-en');
    await drops('broken.geojson', Buffer.from('{"type":"FeatureCollection","features":[{"type":'));
    await officer.sees('The file cannot be taken; the city is unchanged');
    await officer.photographs('data-refused-en');
    await officer.findsNoBarrier();
    await officer.button('Discard').click();
    await officer.sees('Drop files here');
    await drops('words.csv', Buffer.from('q,w\n1,2\n'));
    await officer.sees('A question first');
    await officer.photographs('data-question-en');
    await officer.button('Discard').click();
    await officer.sees('No file has been imported yet');
    expect((await get<CityInfo>('/api/city')).version.city).toBe(1);
  });

  test('sees what would change row by row, and takes it in', async () => {
    await sits('#lang=zh&room=data');
    await drops('宗地.geojson', dirty());
    await officer.sees('将有哪些变化');
    await officer.sees('已修正');
    await officer.page.getByRole('tab', { name: /退回/ }).click();
    await officer.sees('边界不围成任何面积');
    await officer.photographs('data-back-zh');
    await officer.page.getByRole('tab', { name: /已修正/ }).click();
    await officer.sees(/边界自相交/);
    await officer.page.locator('[data-testid=row-map][data-idle=true]').waitFor({ timeout: 30_000 });
    await officer.page.getByRole('tabpanel').getByRole('button').first().click();
    await officer.photographs('data-repaired-zh');
    await officer.findsNoBarrier();
    const [fixes] = await Promise.all([officer.page.waitForEvent('download'), officer.page.getByRole('link', { name: '问题清单（XLSX）' }).click()]);
    expect(fixes.suggestedFilename()).toContain('fix.xlsx');
    expect((await get<CityInfo>('/api/city')).counts.parcels, 'nothing is saved yet').toBe(0);
    await officer.page.getByLabel('字段: 坐落').selectOption({ label: '原样保留' });
    await officer.sees('设置已修改');
    await officer.button('按以上设置重新读取').click();
    await officer.button(/将 266 行导入城市/).click({ timeout: 20_000 });
    await officer.sees('宗地.geojson 已导入');
    await officer.photographs('data-done-zh');
    const city = await get<CityInfo>('/api/city');
    expect(city.counts.parcels).toBe(266);
    const info = await get<DataInfo>('/api/data');
    expect(info.sources[0]!.gave.some((g) => g.column === '坐落')).toBe(false);
    await officer.button('查看地图').click();
    await officer.waitsForTheMap();
    expect(await officer.page.locator('body').innerText(), 'no gap in the words').not.toMatch(/\[[a-z]+\.[a-z_.]+\]/);
  });

  test('sees in the second file what it changes, and freshness of the first', async () => {
    const layer = JSON.parse(example) as { features: Feature[] };
    layer.features = layer.features.slice(0, 10);
    layer.features[0]!.properties['权利人'] = '改名后的公司';
    await sits('#lang=en&room=data');
    await officer.sees('宗地.geojson');
    await officer.photographs('data-sources-en');
    await drops('更新.geojson', Buffer.from(JSON.stringify(layer)));
    await officer.page.getByRole('tab', { name: /Changed/ }).click();
    await officer.sees(/改名后的公司/);
    await officer.photographs('data-changed-en');
    await officer.findsNoBarrier();
    await officer.button('Discard').click();
    await officer.sees('What the city holds');
    expect((await get<DataInfo>('/api/data')).sources.length).toBe(1);
  });

  test('loses the line while a file is sent and while it is read, and is told what became of it', async () => {
    await sits('#lang=en&room=data');
    await drops('nothing.csv', Buffer.alloc(0));
    await officer.sees('nothing.csv is empty');
    const { page } = officer;
    await page.route('**/files/*', (route) => route.abort());
    await drops('words.csv', Buffer.from('q,w\n1,2\n'));
    await officer.sees('words.csv did not arrive: the line was lost');
    await officer.findsNoBarrier();
    await officer.photographs('data-cut-en');
    await page.unroute('**/files/*');
    let asked = 0;
    await page.route(/\/api\/data\/uploads\/\d+$/, (route) => (route.request().method() === 'GET' && asked++ < 2 ? route.abort() : route.continue()));
    await drops('words.csv', Buffer.from('q,w\n1,2\n'));
    await officer.sees('The server does not answer');
    await officer.sees('A question first');
    expect(asked).toBeGreaterThan(2);
    await officer.button('Discard').click();
    await officer.sees('What the city holds');
    officer.complaints.splice(0); // the lost requests
  });

  test('drops more than the server takes, and is told what to do', async () => {
    await office.program.stop();
    await office.program.serve('--max-upload', '1');
    await sits('#lang=en&room=data');
    await drops('huge.gpkg', Buffer.alloc(2 << 20));
    await officer.sees(/huge.gpkg has 2.0 MB; an upload takes 1.0 MB/);
    await officer.sees('plottage import');
    await officer.photographs('data-huge-en');
  });

  test('reads the data room on a phone', async () => {
    await sits('#lang=zh&room=data', phone);
    await officer.sees('数据来源');
    await officer.sees('地图', officer.page.getByRole('navigation'));
    await officer.findsNothingCutOff();
    await officer.findsNoBarrier();
    await officer.photographs('data-phone-zh');
  });
});

const files = ['宗地.geojson', '企业.csv', '项目.csv'];

describe.skipIf(!executable)('a planner whose city has nothing yet', () => {
  const office = Office.opens((program) => void program.run('new', program.city, '--name', '双溪区'));
  const { get } = office;
  let planner: Planner;

  const next = () => planner.page.getByTestId('next');

  test('comes from raw files to a signed plan without leaving the page', async () => {
    planner = await office.sits('#lang=zh');
    await planner.button('在此导入文件').click();
    for (const name of files) {
      await planner.page.getByTestId('files').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: readFileSync(join(root, 'examples', 'district', name)) });
      await planner.sees('将有哪些变化');
      if (name === '企业.csv') {
        await planner.page.getByText('读取情况').click();
        await planner.sees(/再次列出同一企业，数据相同：只计一次/);
      }
      await planner.photographs(`raw-${files.indexOf(name)}-zh`);
      await planner.button(/将 \d+ 行导入城市/).click({ timeout: 20_000 });
      await planner.sees(`${name} 已导入`);
      if (name === files[0]) await planner.photographs('raw-next-zh');
      if (name !== files.at(-1)) await planner.button('再导入一个文件').click();
    }
    expect(await next().getByRole('button', { name: '编制方案' }).isDisabled(), 'no plan before the land is graded').toBe(true);
    await next().getByLabel('规则包').selectOption({ label: '湖州低效用地五类划分' });
    await next().getByRole('button', { name: '评定用地' }).click();
    await planner.sees(/可腾退地块 \d+ 宗/, next(), 30_000);
    await next().getByLabel(/相隔不超过/).fill('30');
    await next().getByRole('button', { name: '划分集聚片' }).click();
    await planner.sees(/集聚片 \d+ 个/, next(), 30_000);
    await planner.findsNoBarrier();
    await planner.findsNothingCutOff();
    await planner.photographs('raw-graded-zh');
    const { grading, clustering } = await get<Summary>('/api/summary');
    expect(grading?.pack).toContain('huzhou-five');
    expect(clustering?.rule.max_gap_m).toBe(30);

    await next().getByRole('button', { name: '编制方案' }).click();
    await planner.drawer.getByLabel('最长用时（秒）').fill('8');
    await planner.photographs('raw-form-zh');
    await planner.button('开始测算').click();
    await planner.sees('方案 1 已生成', planner.page.locator('body'), 60_000);
    const first = await get<PlanInfo>('/api/plans/1');
    expect(first.status).not.toBe('infeasible');
    const block = first.blocks.at(-1)!;
    await planner.picksBlock(block.id);
    await planner.photographs('raw-block-zh');
    await planner.button('标记为已签约').click();
    await planner.sees('已签约，保持不变', planner.drawer);
    await planner.sees(`方案 1 的 ${block.id}`, planner.drawer);
    await planner.findsNoBarrier();
    await planner.photographs('raw-sign-zh');
    await planner.button('开始测算').click();
    await planner.sees('方案 2 已生成', planner.page.locator('body'), 60_000);
    const second = await get<PlanInfo>('/api/plans/2');
    const kept = second.blocks.find((b) => b.parcels.join() === block.parcels.join());
    expect([kept?.year, kept?.mode]).toEqual([block.year, block.mode]);
    expect((await get<BlockWhyInfo>(`/api/plans/2/blocks/${kept!.id}/why`)).told.zh!.join()).toContain('列入的原因是已经签约');
    expect((await get<Solves>('/api/solves?plan=2')).form.signed, 'the next plan keeps it too').toEqual([`1/${block.id}`]);
    await planner.picksBlock(kept!.id);
    await planner.sees(/列入的原因是已经签约/, planner.drawer);
    await planner.photographs('raw-signed-zh');
    expect(await planner.page.locator('body').innerText(), 'no gap in the words').not.toMatch(/\[[a-z]+\.[a-z_.]+\]/);
  });

  test('stops a grading, and the city stays as it was', async () => {
    planner = await office.sits('#lang=en&room=data');
    await planner.sees('What next');
    let id = 0;
    await planner.page.route('**/api/land/jobs', async (route) => {
      const response = await route.fetch();
      id = ((await response.json()) as LandJob).id;
      await fetch(`${office.program.url}/api/land/jobs/${id}/stop`, { method: 'POST' }); // as the button does, before it could be done
      await route.fulfill({ response });
    });
    const city = async () => (await get<CityInfo>('/api/city')).version.city;
    for (let tries = 0; ; tries++) {
      const before = await city();
      id = 0;
      await next().getByRole('button', { name: 'Grade the land' }).click();
      await expect.poll(async () => id > 0 && ['done', 'failed'].includes((await get<LandJob>(`/api/land/jobs/${id}`)).state), { timeout: 20_000 }).toBe(true);
      if ((await get<LandJob>(`/api/land/jobs/${id}`)).state === 'done' && tries < 3) continue; // it was quicker
      expect(await city()).toBe(before);
      break;
    }
    await planner.sees(/Stopped; the city is as it was/);
    await planner.findsNoBarrier();
    await planner.photographs('raw-stopped-en');
  });

  test('reads on a phone what comes next', async () => {
    planner = await office.sits('#lang=en&room=data', phone);
    await planner.sees('What next');
    await next().scrollIntoViewIfNeeded();
    await planner.findsNothingCutOff();
    await planner.findsNoBarrier();
    await planner.photographs('raw-phone-en');
  });
});
