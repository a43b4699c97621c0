// One browser and one program with a city of its own, for all journeys of a group: opened
// before the first, closed after the last. Who sat down leaves after each, without a complaint.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launch } from './browser';
import { laptop, Planner } from './planner';
import { Program } from './program';

export class Office {
  browser!: Browser;
  program!: Program;
  private at?: Planner;

  /** Opens for a group of journeys, with the city that is made so. */
  static opens(made: (program: Program) => void): Office {
    const office = new Office();
    beforeAll(async () => {
      office.browser = await launch();
      office.program = new Program();
      made(office.program);
      await office.program.serve();
    });
    afterAll(async () => {
      await office.browser?.close();
      await office.program?.remove();
    });
    afterEach(async () => {
      const planner = office.at;
      office.at = undefined;
      planner?.hasNoComplaint();
      await planner?.leaves();
    });
    return office;
  }

  get = async <T>(path: string) => (await (await fetch(this.program.url + path)).json()) as T;

  async sits(link: string, size = laptop, locale?: string): Promise<Planner> {
    this.at = await Planner.sitsDown(this.browser, this.program.site, size, locale);
    await this.at.opensCity(link);
    return this.at;
  }
}
