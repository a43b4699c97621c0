// The demo city as a planner finds it: one copy for each group of journeys, which begin from
// the plan that it comes with.
import { beforeAll } from 'vitest';
import type { BlockInfo, CityInfo, LocksInfo, PlanHead, PlanInfo } from '../src/api/types.gen';
import { Office } from './office';
import { laptop, type Planner } from './planner';

export const sure = 60_000; // for what solves

export const cleared = (p: PlanInfo) => new Map(p.blocks.flatMap((b) => b.parcels.map((id) => [id, b.year] as const)));
export const large = (p: PlanInfo) => [...p.blocks].sort((a, b) => b.parcels.length - a.parcels.length);

export class DemoCity {
  readonly office = Office.opens((program) => program.demo('8s'));
  planner!: Planner; // who sat down last
  first!: PlanInfo; // as the demo left it

  /** Opens for a group of journeys. */
  static opens(): DemoCity {
    const city = new DemoCity();
    beforeAll(async () => {
      city.first = await city.plan((await city.get<CityInfo>('/api/city')).plan);
    });
    return city;
  }

  get = <T>(path: string) => this.office.get<T>(path);
  plan = (id: number) => this.get<PlanInfo>(`/api/plans/${id}`);
  plans = () => this.get<PlanHead[]>('/api/plans');
  locks = async () => (await this.get<LocksInfo>('/api/locks')).locks;
  named = async (name: string) => (await this.plans()).find((p) => p.name === name);

  /** Stores a plan once more, and returns its number. */
  copies = async (name: string): Promise<number> => {
    const copied = await fetch(`${this.office.program.url}/api/plans/${this.first.id}/copy`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) });
    if (!copied.ok) throw new Error(`the plan is not copied: ${copied.status}`);
    return ((await copied.json()) as PlanHead).id;
  };

  sits = async (link: string, size = laptop): Promise<Planner> => {
    this.planner = await this.office.sits(link, size);
    await this.planner.waitsForTheMap();
    return this.planner;
  };

  /** Moves the open block to another year. */
  movesBlockTo = (year: number, who = this.planner) => who.drawer.getByLabel('Works start').selectOption(String(year));
  otherYear = (b: BlockInfo) => (b.year === this.first.years[0] ? this.first.years[1]! : this.first.years[0]!);
  keeps = async (button: string | RegExp, who = this.planner) => {
    await who.handBar.getByRole('button', { name: 'Keep …' }).click();
    await who.handBar.getByRole('button', { name: button }).click();
  };
}
