// What leaves the house: files, and links for those who look.
import { beforeAll, describe, expect, test } from 'vitest';
import type { CityInfo, PlanInfo } from '../src/api/types.gen';
import { executable } from './browser';
import { DemoCity } from './demo-city';
import { opensElsewhere, runsOffThePage } from './paper';
import { laptop, Planner } from './planner';

describe.skipIf(!executable)('a planner who hands over', { timeout: 240_000 }, () => {
  const city = DemoCity.opens();
  const { office, get, copies } = city;
  let planner: Planner;
  let first: PlanInfo; // as the demo left it

  beforeAll(() => {
    first = city.first;
  });

  const sits = async (link: string, size = laptop) => {
    planner = await city.sits(link, size);
  };

  test('hands the plan over as files that are what they say', async () => {
    await sits(`#lang=en&plan=${first.id}`);
    await planner.button('Hand over').click();
    const saves = (form: string) => planner.saves(() => planner.button(`Save: ${form}`).click());
    const docx = await saves('Report (Word)');
    expect(docx.name).toMatch(/\.docx$/);
    expect(docx.bytes.subarray(0, 2).toString()).toBe('PK');
    expect(docx.bytes.includes('word/document.xml')).toBe(true);
    const report = await opensElsewhere(office.browser, (await saves('Report (web page)')).bytes);
    expect(await runsOffThePage(report)).toEqual([]);
    const signed = report.locator('.signature');
    for (const words of ['Signature and seal', 'Place', 'Date', 'Fingerprint of its input (SHA-256)']) await planner.sees(words, signed);
    await report.context().close();
    // With a second plan each form says whether it shows both.
    await copies('Put beside');
    await planner.page.reload();
    await planner.page.getByLabel('Compare with').selectOption({ label: 'Put beside' });
    await expect.poll(() => planner.page.getByText('shows both plans').count()).toBe(5);
    expect(await planner.page.getByText(/this form is of one plan/).count()).toBe(3);
    const both = await saves('Report (web page)');
    expect(both.name).toMatch(/_Put-beside_comparison_en\.html$/);
    const twoPlans = await opensElsewhere(office.browser, both.bytes);
    expect(await runsOffThePage(twoPlans)).toEqual([]);
    await planner.sees('in both, same year', twoPlans.locator('figure'));
    expect(await twoPlans.locator('figure svg.map').count()).toBe(1);
    await twoPlans.context().close();
    await planner.page.getByLabel('Compare with').selectOption({ label: 'no other plan' });
    // For who decides: two pages, in either form.
    const brief = await saves('For decision, two pages (web page)');
    expect(brief.name).toMatch(/^\d{4}-\d\d-\d\d_.+_for-decision_en\.html$/);
    const short = await opensElsewhere(office.browser, brief.bytes);
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
});
