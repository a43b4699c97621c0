// Pages that are handed over, as whoever gets them opens them.
import type { Browser, Page } from 'playwright-core';

/** Opens a page that was handed over as paper of A4, elsewhere and without scripts. */
export async function opensElsewhere(browser: Browser, html: Buffer): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 688, height: 1000 }, javaScriptEnabled: false }); // 210 mm less the margins
  const page = await context.newPage();
  await page.emulateMedia({ media: 'print' });
  await page.setContent(html.toString());
  return page;
}

/** Heads of the tables that are wider than the paper. */
export async function runsOffThePage(page: Page): Promise<string[]> {
  const paper = (await page.locator('main').boundingBox())!;
  const wide: string[] = [];
  for (const table of await page.locator('table').all()) {
    const box = (await table.boundingBox())!;
    if (box.x + box.width > paper.x + paper.width + 1) wide.push((await table.locator('thead').innerText()).replaceAll('\n', ' '));
  }
  return wide;
}
