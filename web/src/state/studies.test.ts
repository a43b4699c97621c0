import { beforeEach, expect, test, vi } from 'vitest';
import type { PortfolioStudy, SolveInfo, StudyInfo } from '../api/types.gen';
import { followSolve } from '../actions/solve';
import { words } from '../words/words.svelte';
import { session } from './session.svelte';
import { studies } from './studies.svelte';

/** A line to the server that a test breaks as a browser does. */
class Line {
  static readonly CLOSED = 2;
  static last: Line;
  readyState = 1;
  onmessage?: (e: { data: string }) => void;
  onerror?: () => void;
  constructor(readonly url: string) {
    Line.last = this;
  }
  close() {
    this.readyState = Line.CLOSED;
  }
  breaks(state: number) {
    this.readyState = state;
    this.onerror?.();
  }
}

beforeEach(async () => {
  vi.stubGlobal('EventSource', Line);
  await words.speak('en');
});

const form = { kind: 'goal' as const, plan: 3, seconds: 60, gap: 0, seed: 1 };

test('a study that the server no longer knows says so, and can be started again', () => {
  studies.follow({ id: 1, state: 'running', form, started: '', progress: null, run: 0, problem: null } as unknown as StudyInfo);
  Line.last.breaks(0); // the browser tries again by itself
  expect(studies.running).toBe(true);
  Line.last.breaks(Line.CLOSED);
  expect(studies.running).toBe(false);
  expect(studies.under).toMatchObject({ state: 'failed', form, problem: { key: 'restarted', detail: 'The server was started again while this was being worked out' } });
});

test('so does a solve, and one that waits behind another keeps its place until both are gone', () => {
  const solve = (id: number, state: 'running' | 'waiting') => ({ id, state, form: { name: `${id}` }, started: '', progress: null, plan: 0, problem: null }) as unknown as SolveInfo;
  followSolve(solve(1, 'running'));
  const first = Line.last;
  followSolve(solve(2, 'waiting'));
  expect([session.ahead?.id, session.solve?.id]).toEqual([1, 2]);
  first.breaks(Line.CLOSED);
  expect(session.ahead?.problem?.key).toBe('restarted');
  expect(session.solve?.state).toBe('waiting');
  Line.last.breaks(Line.CLOSED);
  expect(session.solve).toMatchObject({ state: 'failed', problem: { key: 'restarted' } });
});

test('one plan alone says nothing about how often, and more are looked for farther and longer', () => {
  const found = (n: number) => ({ plans: Array.from({ length: n }, (_, i) => ({ plan: i + 1 })), parcels: [] }) as unknown as PortfolioStudy;
  studies.portfolio = found(1);
  expect(studies.sure).toBe(false);
  studies.under = { id: 1, state: 'done', form: { ...form, kind: 'portfolio', seconds: 60, portfolio: { plans: 4, within: 0.03, differ: 0.1 } } } as unknown as StudyInfo;
  expect(studies.wider).toEqual({ plans: 4, within: 0.06, seconds: 120 });
  studies.portfolio = found(2);
  expect(studies.sure).toBe(true);
});
