import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openHit } from '../actions/open-hit';
import { api } from '../api/client';
import type { Hit, PlanInfo } from '../api/types.gen';
import { finder } from './found';
import { session } from './session.svelte';

const hit = (of: Partial<Hit>): Hit => ({ kind: 'project', id: 'X1', name: { zh: '甲项目', en: 'A' }, parcel: '', block: '', box: [], ...of });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a newer text takes the place of an older, and none asks for nothing', async () => {
  const asked = vi.spyOn(api, 'search').mockImplementation((q) => Promise.resolve({ hits: [hit({ id: q })], more: false }));
  const got: string[] = [];
  const f = finder((found, of) => got.push(`${of}: ${found.hits.map((h) => h.id).join()}`));
  f.look('20');
  f.look(' 2027-01 ');
  await vi.runAllTimersAsync();
  f.look(' ');
  await vi.runAllTimersAsync();
  expect(asked.mock.calls.map((c) => c[0])).toEqual(['2027-01']);
  expect(got).toEqual(['2027-01: 2027-01', ': ']);
});

test('what is found is opened where it is, from any room, and what is nowhere is told', () => {
  session.plan = { blocks: [{ id: '2027-01', box: [1, 2, 3, 4] }] } as unknown as PlanInfo;
  session.room = 'data';
  void openHit.run(hit({ block: '2027-01' }));
  expect([session.room, session.picked?.id, session.target?.box]).toEqual([null, '2027-01', [1, 2, 3, 4]]);
  void openHit.run(hit({ kind: 'town', box: [5, 6, 7, 8] }));
  expect(session.target?.box).toEqual([5, 6, 7, 8]);
  session.room = 'data';
  void openHit.run(hit({}));
  expect([session.room, session.notice?.key]).toEqual(['data', 'nowhere']);
});
