// Studies of rules that no plan keeps: nothing to show, and what to do about it.
import { beforeAll, describe, expect, test } from 'vitest';
import type { PlanHead } from '../src/api/types.gen';
import { executable } from './browser';
import { Office } from './office';
import { laptop, phone } from './planner';

describe.skipIf(!executable)('a planner whose rules no plan keeps', { timeout: 240_000 }, () => {
  const office = Office.opens((program) => {
    program.demo('6s');
    const { blocks } = (JSON.parse(program.run('renewal', 'show', program.city, '--json')) as { plan: { blocks: { parcels: string[] }[] } }).plan;
    program.run('renewal', 'lock', program.city, blocks[0]!.parcels[0]!, '--kind', 'in', '--year', '2031', '--json');
    // The lock lies outside the years of the plan: no plan, for sure, which the command tells by how it ends.
    expect(() => program.run('renewal', 'solve', program.city, '--years', '2027-2029', '--min-mu', '60', '--time', '6s', '--name', 'Too late', '--json')).toThrow();
  });
  const studies = [['frontier', 'z'], ['portfolio', 't'], ['goal', 'y'], ['scenarios', '4']] as const;
  let stands: PlanHead; // the plan that the demo made
  let none: PlanHead; // the answer to rules that no plan keeps

  beforeAll(async () => {
    const plans = await office.get<PlanHead[]>('/api/plans');
    none = plans.find((p) => p.name === 'Too late')!;
    stands = plans.find((p) => p.id !== none.id)!;
    expect(none.status).toBe('infeasible');
  });

  test('is told in every study that there is nothing to study, and what to do', async () => {
    const planner = await office.sits(`#lang=en&plan=${none.id}`);
    await planner.sees('No plan keeps all the rules');
    for (const [kind, key] of studies) {
      await planner.presses(key);
      if (kind !== 'scenarios') await planner.dock.getByLabel('Stop after, seconds').fill('5');
      if (kind === 'goal') await planner.dock.getByLabel('amount').fill('300');
      await planner.dock.getByRole('button', { name: 'Start' }).click();
      await planner.sees('No plan keeps all the rules of “Too late”', planner.dock, 60_000);
      await planner.sees('stands with the plan, below', planner.dock);
      await planner.findsNoBarrier();
      await planner.photographs(`noplan-${kind}-en`);
    }
    await planner.dock.getByRole('button', { name: 'Close' }).click();
    await planner.sees('locked into a year that is not planned');
  });

  test('finds the way from the answer to the plan and its locks, with another plan on the screen', async () => {
    const planner = await office.sits(`#lang=en&plan=${stands.id}`);
    await planner.waitsForTheMap();
    await planner.presses('t');
    await planner.sees('No plan keeps all the rules of “Too late”', planner.dock);
    await planner.sees('locked into a year that is not planned', planner.dock);
    expect(await planner.dock.evaluate((d) => d.scrollWidth - d.clientWidth), 'the answer is as wide as the screen').toBeLessThanOrEqual(0);
    await planner.photographs('noplan-elsewhere-en');
    await planner.button('Open that plan: raise a limit or take locks off').click();
    await planner.dock.waitFor({ state: 'detached' });
    await expect.poll(() => planner.planShown()).toBe(none.id);
    await planner.sees('locked into a year that is not planned');
    await planner.button('Set limits yourself').waitFor();
  });

  test('reads the same on a phone', async () => {
    const planner = await office.sits(`#lang=zh&plan=${none.id}`, phone);
    await planner.waitsForTheMap();
    for (const [kind, key] of studies) {
      await planner.presses(key);
      await planner.sees('没有方案能同时满足“Too late”的全部规则', planner.dock);
      await planner.findsNothingCutOff();
      await planner.photographs(`noplan-${kind}-phone-zh`);
    }
    await planner.findsNoBarrier();
    await planner.page.setViewportSize(laptop);
    await planner.photographs('noplan-zh');
  });
});
