import { api, base } from '../api/client';
import type { SolveForm, SolveInfo } from '../api/types.gen';
import { session } from '../state/session.svelte';
import { words } from '../words/words.svelte';
import type { Action } from './action';
import { openPlan } from './choose-plan';

let events: EventSource | undefined;

/** Starts a solve in the background and opens its plan when it is done. */
export const startSolve: Action<[form: SolveForm]> = {
  name: 'start-solve',
  label: 'web.action.start_solve',
  async run(form) {
    const info = await session.ask(() => api.solve(form));
    if (info) followSolve(info);
  },
};

/** Stops the solve; its best plan is kept. */
export const stopSolve: Action = {
  name: 'stop-solve',
  label: 'web.action.stop_solve',
  can: () => solving(session.solve),
  async run() {
    if (session.solve) await session.ask(() => api.stopSolve(session.solve!.id));
  },
};

export const solving = (s: SolveInfo | null) => s?.state === 'running' || s?.state === 'waiting';

/** Follows a solve to its end; the browser asks again by itself when the line breaks. */
export function followSolve(info: SolveInfo) {
  events?.close();
  session.solve = info;
  const source = new EventSource(`${base}/api/solves/${info.id}/events?lang=${words.lang}`);
  events = source;
  source.onmessage = (e: MessageEvent<string>) => {
    session.solve = JSON.parse(e.data) as SolveInfo;
    if (solving(session.solve)) return;
    source.close();
    void ended(session.solve);
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) session.solve = null; // the server was started again
  };
}

async function ended(s: SolveInfo) {
  if (s.state !== 'done') return;
  const before = session.plan;
  session.plans = (await session.ask(api.plans)) ?? session.plans;
  if (session.sketch) return; // who draws goes on drawing; the new plan waits to be opened
  const open = session.picked;
  await openPlan(s.plan);
  // What it changed is one click away.
  if (before && before.id !== s.plan && before.status !== 'infeasible' && session.plan?.status !== 'infeasible') session.other = before;
  if (open?.kind === 'solve') session.picked = open;
  await watchCheck();
}

/** Has the plan shown checked in the background, and says what came of it. */
export const watchCheck = async () => {
  const plan = session.plan;
  if (!plan || plan.status === 'infeasible' || !session.possible) return;
  for (;;) {
    const found = await api.check(plan.id).catch(() => undefined);
    if (!found || session.plan?.id !== plan.id) return;
    session.check = found;
    if (found.state !== 'running') return;
    await new Promise((r) => setTimeout(r, 1000));
  }
};

/** Verifies the plan shown once more, by a program that shares nothing with the solver. */
export const checkPlan: Action = {
  name: 'check-plan',
  label: 'web.action.check',
  can: () => session.possible && session.plan !== null && session.plan.status !== 'infeasible',
  run: () => watchCheck(),
};

/** Solves again with the caps of an infeasible plan made as wide as they need be. */
export const relaxAndSolve: Action = {
  name: 'relax-and-solve',
  label: 'web.action.relax',
  can: () => session.possible && !!session.plan?.relaxed,
  async run() {
    const [plan, relaxed] = [session.plan, session.plan?.relaxed];
    if (!plan || !relaxed) return;
    const found = await session.ask(() => api.solves(plan.id));
    if (!found) return;
    const wider = Object.fromEntries(Object.entries(relaxed).filter(([, v]) => v !== ''));
    await startSolve.run({ ...found.form, ...wider });
  },
};
