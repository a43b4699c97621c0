import { api, base, restarted } from '../api/client';
import type { SolveForm, SolveInfo } from '../api/types.gen';
import { session } from '../state/session.svelte';
import { words } from '../words/words.svelte';
import type { Action } from './action';
import { checkPlan } from './check-plan';
import { openPlan } from './choose-plan';

const lines = new Map<number, EventSource>(); // by the solve that is followed

/** Starts a solve in the background and opens its plan when it is done; behind one that runs it waits its turn. Its form makes way for the map, where it is told how far it is. */
export const startSolve: Action<[form: SolveForm]> = {
  name: 'start-solve',
  label: 'web.action.start_solve',
  async run(form) {
    const info = await session.ask(() => api.solve(form));
    if (!info) return;
    followSolve(info);
    if (session.picked?.kind === 'solve') session.picked = null;
  },
};

/** Stops the solve that runs, whose best plan is kept, and starts another at once. */
export const startInstead: Action<[form: SolveForm]> = {
  name: 'start-instead',
  label: 'web.action.start_instead',
  can: () => solving(session.solve),
  async run(form) {
    const before = session.solve;
    await startSolve.run(form);
    if (before && session.solve?.id !== before.id) await halt(before);
  },
};

const halt = (s: SolveInfo) => session.ask(() => api.stopSolve(s.id));

/** Stops the solve; its best plan is kept. */
export const stopSolve: Action<[which?: SolveInfo]> = {
  name: 'stop-solve',
  label: 'web.action.stop_solve',
  can: () => solving(session.ahead) || solving(session.solve),
  async run(which) {
    const s = which ?? (solving(session.ahead) ? session.ahead : session.solve);
    if (s) await halt(s);
  },
};

export const solving = (s: SolveInfo | null) => s?.state === 'running' || s?.state === 'waiting';

/** Whether no solve more can be asked for: one runs and one waits. */
export const full = () => solving(session.ahead) && solving(session.solve);

/** Follows a solve to its end; one that is followed already stays beside it. The browser asks again by itself when the line breaks. */
export function followSolve(info: SolveInfo) {
  session.ahead = solving(session.solve) && session.solve?.id !== info.id ? session.solve : null;
  session.solve = info;
  for (const [id, line] of lines) {
    if (id === session.ahead?.id) continue;
    line.close();
    lines.delete(id);
  }
  const source = new EventSource(`${base}/api/solves/${info.id}/events?lang=${words.lang}`);
  lines.set(info.id, source);
  const tell = (now: SolveInfo | null) => {
    if (session.solve?.id === info.id) session.solve = now;
    else if (session.ahead?.id === info.id) session.ahead = now;
  };
  source.onmessage = (e: MessageEvent<string>) => {
    const now = JSON.parse(e.data) as SolveInfo;
    tell(now);
    if (solving(now)) return;
    source.close();
    lines.delete(info.id);
    void ended(now);
  };
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    lines.delete(info.id);
    const was = [session.solve, session.ahead].find((s) => s?.id === info.id);
    if (was) tell({ ...was, state: 'failed', problem: restarted() });
  };
}

async function ended(s: SolveInfo) {
  if (s.state !== 'done') return;
  if (session.ahead?.id === s.id) return void (session.plans = (await session.ask(api.plans)) ?? session.plans); // who asked for another waits for that
  const before = session.plan;
  session.plans = (await session.ask(api.plans)) ?? session.plans;
  if (session.sketch) return; // who draws goes on drawing; the new plan waits to be opened
  const open = session.picked;
  await openPlan(s.plan);
  // What it changed is one click away.
  if (before && before.id !== s.plan && before.status !== 'infeasible' && session.plan?.status !== 'infeasible') session.other = before;
  if (open?.kind === 'solve') session.picked = open;
  await checkPlan.run();
}

/** Solves again with as few of an infeasible plan's caps raised as will do. */
export const relaxAndSolve: Action = {
  name: 'relax-and-solve',
  label: 'web.action.relax',
  can: () => session.possible && !!session.plan?.relaxed,
  async run() {
    const [plan, relaxed] = [session.plan, session.plan?.relaxed];
    if (!plan || !relaxed) return;
    const found = await session.ask(() => api.solves(plan.id));
    if (!found) return;
    const { budget, demolition, relocation } = relaxed;
    const wider = Object.fromEntries(Object.entries({ budget, demolition, relocation }).filter(([, v]) => v !== ''));
    await startSolve.run({ ...found.form, ...wider });
  },
};
