// What a planner does and sees, in a planner's words. Journeys speak only this.
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CityInfo, ParcelInfo, PlanInfo } from '../src/api/types.gen';
import type { Site } from './site';

export const laptop = { width: 1366, height: 768 };
export const phone = { width: 390, height: 844 };

const worldPx = (zoom: number) => 512 * 2 ** zoom;
const mercatorY = (lat: number) => (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;

export class Planner {
  readonly complaints: string[] = []; // errors of the page and requests to strangers

  private constructor(private site: Site, readonly page: Page) {
    const home = new URL(site.url).origin;
    page.on('pageerror', (e) => this.complaints.push(`error: ${e.message}`));
    page.on('console', (m) => {
      if (m.type() === 'error' || m.type() === 'warning') this.complaints.push(`${m.type()}: ${m.text()}`);
    });
    page.on('request', (r) => {
      if (!r.url().startsWith(home) && !/^(blob|data):/.test(r.url())) this.complaints.push(`asks ${r.url()}`);
    });
  }

  static async sitsDown(browser: Browser, site: Site, size = laptop, locale = 'en-GB'): Promise<Planner> {
    const context = await browser.newContext({ viewport: size, locale, hasTouch: size === phone });
    return new Planner(site, await context.newPage());
  }

  async leaves() {
    await this.page.context().close();
  }

  // --- does

  async opensCity(link = '') {
    await this.page.goto(`${this.site.url}/${link}`);
    await this.page.locator('h1 .city').filter({ hasText: /./ }).waitFor();
  }

  /** What the address keeps: as entries, for plan=1 begins plan=12. */
  private address(): URLSearchParams {
    return new URLSearchParams(new URL(this.page.url()).hash.slice(1));
  }

  planShown(): number {
    return Number(this.address().get('plan'));
  }

  async waitsForTheMap() {
    await this.page.locator('[data-testid=map][data-idle=true]').waitFor({ timeout: 45_000 });
  }

  /** A move that was just asked for may not have begun: two looks must agree. */
  async waitsForTheMapToStand() {
    for (let before = ''; before !== this.page.url(); ) {
      before = this.page.url();
      await this.page.waitForTimeout(300);
      await this.waitsForTheMap();
    }
  }

  async searchesFor(words: string) {
    if (!(await this.search.isVisible())) await this.button(/^(Search|搜索)$/).click();
    await this.search.fill(words);
    await this.page.locator('#search-hits').waitFor();
  }

  async picksParcel(id: string) {
    await this.searchesFor(id);
    await this.page.getByRole('option', { name: id }).first().click();
    await this.seesParcel(id);
  }

  /** Clicks the place of a parcel on the map. */
  async clicksParcel(id: string) {
    const p = await this.onScreen(await this.centreOf(id));
    await this.page.mouse.click(p.x, p.y);
  }

  async picksBlock(id: string) {
    await this.page.getByTestId('blocks').getByRole('button', { name: id }).click();
  }

  async movesToYear(year: number | 'all') {
    await this.page.locator(`[data-year="${year}"]`).click();
  }

  async coloursBy(name: string) {
    await this.page.getByRole('radio', { name, exact: true }).check({ force: true });
  }

  async switchesTo(lang: 'zh' | 'en') {
    await this.button(lang === 'zh' ? '中文' : 'English').click();
    await this.page.locator(`html[lang^=${lang}]`).waitFor();
  }

  /** Draws over the map in one go, through places in degrees. */
  async draws(...places: { lon: number; lat: number }[]) {
    await this.waitsForTheMapToStand();
    const points = [];
    for (const at of places) points.push(await this.onScreen(at));
    const [first, ...rest] = points as [{ x: number; y: number }, ...{ x: number; y: number }[]];
    await this.page.mouse.move(first.x, first.y);
    await this.page.mouse.down();
    for (const p of rest) await this.page.mouse.move(p.x, p.y, { steps: 8 });
    await this.page.mouse.up();
  }

  /** Saves a file that the page offers, and reads it. */
  async saves(click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
    const [file] = await Promise.all([this.page.waitForEvent('download'), click()]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  }

  async presses(...keys: string[]) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  // --- sees

  get search(): Locator {
    return this.page.locator('#search');
  }

  get handBar(): Locator {
    return this.page.getByTestId('draft');
  }

  get dock(): Locator {
    return this.page.getByTestId('study');
  }

  get selection(): Locator {
    return this.page.getByTestId('selection');
  }

  get drawer(): Locator {
    return this.page.getByTestId('drawer');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Writes down what an element says from now on, each change of it, for the function returned to read out. */
  async writesDown(testId: string): Promise<() => Promise<string[]>> {
    const said = await this.page.evaluateHandle((id) => {
      const all: string[] = [];
      new MutationObserver(() => {
        const text = document.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.innerText;
        if (text && text !== all.at(-1)) all.push(text);
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
      return all;
    }, testId);
    return () => said.jsonValue();
  }

  /** Under which names tiles are asked for from now on, the one the map shows now among them, and which version of the city the page read last. */
  async watchesTheLand(): Promise<{ tags: Set<string>; read: number }> {
    const { version } = (await (await fetch(`${this.site.url}/api/city`)).json()) as CityInfo;
    const land = { tags: new Set([version.tiles]), read: 0 };
    this.page.on('request', (r) => {
      const url = new URL(r.url());
      if (url.pathname.includes('/tiles/')) land.tags.add(url.searchParams.get('tag') ?? '');
    });
    this.page.on('response', async (r) => {
      if (new URL(r.url()).pathname === '/api/city') land.read = ((await r.json()) as CityInfo).version.city;
    });
    return land;
  }

  async sees(text: string | RegExp, where: Locator = this.page.locator('body'), timeout = 15_000) {
    await where.getByText(text).filter({ visible: true }).first().waitFor({ timeout }); // what is only printed is there too
  }

  async seesParcel(id: string) {
    await this.drawer.getByRole('heading', { name: id }).waitFor();
  }

  async seesNoDrawer() {
    await this.drawer.waitFor({ state: 'detached' });
  }

  /** Whether the map looks at a box in degrees: its middle is in sight and it is no speck. */
  async looksAt(box: number[]): Promise<boolean> {
    const [w, s, e, n] = box as [number, number, number, number];
    await this.waitsForTheMapToStand();
    const [a, b, middle] = [await this.onScreen({ lon: w, lat: n }), await this.onScreen({ lon: e, lat: s }), await this.onScreen({ lon: (w + e) / 2, lat: (s + n) / 2 })];
    const map = (await this.page.getByTestId('map').boundingBox())!;
    const size = Math.max((b.x - a.x) / map.width, (b.y - a.y) / map.height);
    return size > 0.15 && size < 1 && middle.x > map.x && middle.x < map.x + map.width && middle.y > map.y && middle.y < map.y + map.height;
  }

  /** How many of some boxes in degrees lie in what the drawer leaves of the map, at least in part. */
  async countsInSight(boxes: number[][]): Promise<number> {
    await this.waitsForTheMapToStand();
    const map = (await this.page.getByTestId('map').boundingBox())!;
    const right = (await this.drawer.isVisible()) ? (await this.drawer.boundingBox())!.x : map.x + map.width;
    let count = 0;
    for (const [w, s, e, n] of boxes as [number, number, number, number][]) {
      const [a, b] = [await this.onScreen({ lon: w, lat: n }), await this.onScreen({ lon: e, lat: s })];
      if (a.x < right && b.x > map.x && a.y < map.y + map.height && b.y > map.y) count++;
    }
    return count;
  }

  /** The share of the window's height that the map has. */
  async mapsHeight(): Promise<number> {
    return (await this.page.getByTestId('map').boundingBox())!.height / this.page.viewportSize()!.height;
  }

  /** The colour the map shows at a parcel, as #rrggbb; the middle is where the label may be, so a little beside it. */
  async colourOf(id: string): Promise<string> {
    return this.colourAt(await this.centreOf(id, 0.3));
  }

  /** The colour the map shows at a place, as #rrggbb. */
  async colourAt(place: { lon: number; lat: number }): Promise<string> {
    return this.colourOn(await this.onScreen(place));
  }

  /** Keeps an eye on a parcel: reads its colour whenever it is asked, whether the map is still drawing or not. The map must not be moved. */
  async eyes(id: string): Promise<() => Promise<string>> {
    const at = await this.onScreen(await this.centreOf(id, 0.3));
    return () => this.colourOn(at);
  }

  private async colourOn({ x, y }: { x: number; y: number }): Promise<string> {
    const png = await this.page.screenshot({ clip: { x: Math.round(x), y: Math.round(y), width: 1, height: 1 } });
    return pixel(this.page, png);
  }

  /** No violation of WCAG that axe can find. */
  async findsNoBarrier() {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
  }

  async findsNothingCutOff() {
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, 'the page is wider than the screen').toBeLessThanOrEqual(0);
  }

  async photographs(name: string) {
    if (process.env.SHOTS) await this.page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
  }

  hasNoComplaint() {
    expect(this.complaints).toEqual([]);
  }

  // --- knows

  async plan(id = 3): Promise<PlanInfo> {
    return (await (await fetch(`${this.site.url}/api/plans/${id}`)).json()) as PlanInfo;
  }

  private async centreOf(id: string, up = 0): Promise<{ lon: number; lat: number }> {
    const p = (await (await fetch(`${this.site.url}/api/parcels/${id}`)).json()) as ParcelInfo;
    const [w, s, e, n] = p.box as [number, number, number, number];
    return { lon: (w + e) / 2, lat: (s + n) / 2 + up * ((n - s) / 2) };
  }

  /** Where a place lies on the screen, from the map's position in the address. */
  private async onScreen(at: { lon: number; lat: number }): Promise<{ x: number; y: number }> {
    await this.waitsForTheMap();
    const [zoom, lat, lon] = this.address().get('map')!.split('/').map(Number) as [number, number, number];
    const box = (await this.page.getByTestId('map').boundingBox())!;
    const size = worldPx(zoom);
    return { x: box.x + box.width / 2 + ((at.lon - lon) / 360) * size, y: box.y + box.height / 2 + (mercatorY(at.lat) - mercatorY(lat)) * size };
  }
}

/** Reads the one pixel of a picture, in the page: it knows how to read PNG. */
async function pixel(page: Page, png: Buffer): Promise<string> {
  return page.evaluate(async (base64) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${base64}`;
    await picture.decode();
    const canvas = document.createElement('canvas').getContext('2d')!;
    canvas.drawImage(picture, 0, 0);
    return '#' + [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => v.toString(16).padStart(2, '0')).join('');
  }, png.toString('base64'));
}
