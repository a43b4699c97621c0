// The JSON API as functions. Types come from the API's own description
// (types.gen.ts, made by `npm run api`).
import type { At, BlockWhyInfo, CheckInfo, CityInfo, Cut, DraftBlock, DraftInfo, FigureInfo, FirmLedger, ForceStudy, FrontierStudy, GoalStudy, KeepAsk, LocksChange, LocksInfo, MixInfo, ParcelInfo, Places, PlanHead, PlanInfo, PortfolioStudy, Problem, ScenarioStudy, SearchResult, SolveForm, SolveInfo, Solves, Studies, StudyForm, StudyInfo, Summary, Totals, Version, WhyInfo, Within } from './types.gen';
import { words } from '../words/words.svelte';

/** An answer the server refused or could not give, in words. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The server did not answer at all: stopped, or the machine slept. */
export class Unreachable extends Error {}

/** The start of every address: a share link serves the same screens under its own. */
export const base = /^\/s\/[\w-]+/.exec(globalThis.location?.pathname ?? '')?.[0] ?? '';

export const get = <T>(path: string, signal?: AbortSignal) => send<T>('GET', path, undefined, signal);

export async function send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  const given = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    response = await fetch(base + path, { method, signal, headers: { Accept: 'application/json', 'Accept-Language': words.lang, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) }, ...given });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Unreachable(path, { cause });
  }
  if (response.ok) return (await response.json()) as T;
  throw new Refusal(await problem(response));
}

async function problem(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return broken(response.status);
  }
}

/** What to say of an answer that is no problem of the server's. */
export const broken = (status: number): Problem => ({ status, title: '', detail: words.t('web.notice.broken'), hint: words.t('web.notice.broken_hint'), code: 'internal', key: 'serve_internal' });

/** What to say of work that the server no longer knows: it was started again meanwhile. */
export const restarted = (): Problem => ({ status: 404, title: '', detail: words.t('web.restarted'), hint: words.t('web.restarted_hint'), code: 'not_found', key: 'restarted' });

const query = (args: Record<string, string | number>) => new URLSearchParams(Object.entries(args).map(([k, v]) => [k, String(v)])).toString();

export const api = {
  version: () => get<Version>('/api/version'),
  city: () => get<CityInfo>('/api/city'),
  summary: () => get<Summary>('/api/summary'),
  plans: () => get<PlanHead[]>('/api/plans'),
  plan: (id: number) => get<PlanInfo>(`/api/plans/${id}`),
  parcel: (id: string, plan: number, signal?: AbortSignal) => get<ParcelInfo>(`/api/parcels/${encodeURIComponent(id)}?${query({ plan })}`, signal),
  ledger: (plan: number) => get<FirmLedger>(`/api/plans/${plan}/ledger`),
  why: (id: string, plan: number) => get<WhyInfo>(`/api/parcels/${encodeURIComponent(id)}/why?${query({ plan })}`),
  blockWhy: (plan: number, block: string) => get<BlockWhyInfo>(`/api/plans/${plan}/blocks/${encodeURIComponent(block)}/why`),
  figure: (id: string, name: string) => get<FigureInfo>(`/api/parcels/${encodeURIComponent(id)}/figures/${encodeURIComponent(name)}`),
  search: (q: string, plan: number, signal?: AbortSignal) => get<SearchResult>(`/api/search?${query({ q, plan })}`, signal),
  locks: (since = 0) => get<LocksInfo>(since > 0 ? `/api/locks?since=${since}` : '/api/locks'),
  setLocks: (change: LocksChange) => send<LocksInfo>('PUT', '/api/locks', change),
  totals: (parcels: string[], plan: number, signal?: AbortSignal) => send<Totals>('POST', '/api/totals', { parcels, plan }, signal),
  within: (ring: number[][], candidates: boolean) => send<Within>('POST', '/api/within', { ring, candidates }),
  at: (lon: number, lat: number) => get<At>(`/api/at?${query({ lon, lat })}`),
  places: (parcels: readonly string[]) => send<Places>('POST', '/api/places', { parcels }),
  mixes: (plan: number, parcel: string) => get<MixInfo[]>(`/api/plans/${plan}/mixes/${encodeURIComponent(parcel)}`),
  draft: (plan: number, blocks: readonly DraftBlock[], signal?: AbortSignal) => send<DraftInfo>('POST', `/api/plans/${plan}/draft`, { blocks }, signal),
  keepDraft: (plan: number, ask: KeepAsk) => send<PlanHead>('POST', `/api/plans/${plan}/keep`, ask),
  copyPlan: (plan: number, name: string) => send<PlanHead>('POST', `/api/plans/${plan}/copy`, { name }),
  renamePlan: (plan: number, name: string) => send<PlanHead>('PATCH', `/api/plans/${plan}`, { name }),
  deletePlan: (plan: number) => send<PlanHead>('DELETE', `/api/plans/${plan}`),
  studies: () => get<Studies>('/api/studies'),
  startStudy: (form: StudyForm) => send<StudyInfo>('POST', '/api/studies', form),
  stopStudy: (id: number) => send<StudyInfo>('POST', `/api/studies/${id}/stop`),
  frontier: (run: number) => get<FrontierStudy>(`/api/studies/kept/frontier/${run}`),
  goal: (run: number) => get<GoalStudy>(`/api/studies/kept/goal/${run}`),
  force: (run: number) => get<ForceStudy>(`/api/studies/kept/force/${run}`),
  scenarios: (run: number) => get<ScenarioStudy>(`/api/studies/kept/scenarios/${run}`),
  portfolio: (run: number) => get<PortfolioStudy>(`/api/studies/kept/portfolio/${run}`),
  cut: (line: number[][], parcels: readonly string[]) => send<Cut>('POST', '/api/cut', { line, parcels }),
  solves: (plan: number) => get<Solves>(`/api/solves?${query({ plan })}`),
  solve: (form: SolveForm) => send<SolveInfo>('POST', '/api/solves', form),
  stopSolve: (id: number) => send<SolveInfo>('POST', `/api/solves/${id}/stop`),
  checked: (plan: number) => get<CheckInfo>(`/api/plans/${plan}/check`),
  check: (plan: number) => send<CheckInfo>('POST', `/api/plans/${plan}/check`),
};
