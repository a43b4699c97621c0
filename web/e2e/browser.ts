// The browser the journeys run in: Debian's chromium, drawing by software.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const executable = places.find((p) => p && existsSync(p));

if (!executable) console.log('skipped: journeys in a browser (chromium is not installed; set CHROMIUM to its path)');

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox', '--headless=new', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
      // Nothing but our page may ask the network for anything.
      '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-default-apps',
      '--no-first-run', '--no-default-browser-check', '--disable-domain-reliability', '--disable-features=OptimizationHints,MediaRouter,Translate',
    ],
  });
