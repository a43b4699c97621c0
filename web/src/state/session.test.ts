import { afterEach, expect, test, vi } from 'vitest';
import { api } from '../api/client';
import type { PlanHead, PlanInfo } from '../api/types.gen';
import { session } from './session.svelte';

afterEach(() => vi.restoreAllMocks());

const plan = (id: number) => ({ id, years: [2027] }) as PlanInfo;

test('the city read again does not take away a plan opened meanwhile', async () => {
  vi.spyOn(api, 'city').mockResolvedValue({ plan: 3, version: { tag: 'a' }, years: [2027] } as never);
  vi.spyOn(api, 'summary').mockResolvedValue({} as never);
  vi.spyOn(api, 'plans').mockResolvedValue([{ id: 3 }, { id: 4 }] as PlanHead[]);
  let arrive = (_: PlanInfo) => {};
  vi.spyOn(api, 'plan').mockImplementation(() => new Promise((r) => (arrive = r)));
  session.plan = plan(3);
  const reading = session.open(3);
  await vi.waitFor(() => expect(api.plan).toHaveBeenCalledWith(3));
  session.plan = plan(4); // a solve was done
  arrive(plan(3));
  await reading;
  expect(session.plan?.id).toBe(4);

  const again = session.open(4);
  await vi.waitFor(() => expect(api.plan).toHaveBeenCalledWith(4));
  arrive({ ...plan(4), name: 'Second' });
  await again;
  expect(session.plan?.name).toBe('Second');
});
