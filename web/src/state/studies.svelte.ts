// Studies of a plan's problem: along a cap, towards a goal, how sure each parcel is, how plans fare when things change.
import { api, base, restarted } from '../api/client';
import type { ForceStudy, FrontierStudy, GoalStudy, PlanInfo, PortfolioStudy, ScenarioStudy, StudyForm, StudyInfo } from '../api/types.gen';
import { words } from '../words/words.svelte';
import { session } from './session.svelte';

export const kinds = ['frontier', 'portfolio', 'goal', 'scenarios'] as const; // those that the dock shows
export type Kind = (typeof kinds)[number];

class Studies {
  open = $state<Kind | null>(null); // what the dock shows
  under = $state.raw<StudyInfo | null>(null); // the study that is followed
  frontier = $state.raw<FrontierStudy | null>(null);
  goal = $state.raw<GoalStudy | null>(null);
  portfolio = $state.raw<PortfolioStudy | null>(null);
  scenarios = $state.raw<ScenarioStudy | null>(null);
  forced = $state.raw<ForceStudy | null>(null); // what deciding one parcel otherwise costs, worked out last
  thumbs = $state.raw<Record<number, PlanInfo>>({}); // plans of the curve, for their pictures
  #events: EventSource | undefined;

  get running(): boolean {
    return this.under?.state === 'running' || this.under?.state === 'waiting';
  }

  /** Whether there are plans enough to say how often a parcel is chosen. */
  get sure(): boolean {
    return (this.portfolio?.plans.length ?? 0) > 1;
  }

  /** How far a search that found one plan alone should go next: twice as far from the best, in twice the time. */
  get wider(): { plans: number; within: number; seconds: number } {
    const last = this.under?.form.kind === 'portfolio' ? this.under.form : undefined;
    return { plans: last?.portfolio?.plans ?? 8, within: Math.min(0.5, 2 * (last?.portfolio?.within ?? 0.02)), seconds: Math.min(7200, 2 * (last?.seconds ?? 120)) };
  }

  lookForMore() {
    const { plans, within, seconds } = this.wider;
    return this.start({ kind: 'portfolio', plan: this.portfolio?.base_plan.id ?? 0, seconds, gap: 0, seed: 1, name: words.t('web.study.portfolio_plan'), portfolio: { plans, within, differ: 0.1 } });
  }

  /** Shows the latest of its kind, if one is kept. */
  async show(kind: Kind) {
    this.open = kind;
    if (kind === 'portfolio' && this.sure) session.colour = 'sure';
    if (this[kind]) return;
    const found = await session.ask(api.studies);
    const now = found?.studies.find((s) => s.state === 'running' || s.state === 'waiting');
    if (now && !this.running) this.follow(now);
    const kept = found?.kept.find((k) => k.verb === `renewal ${kind}`);
    if (kept) await this.read(kind, kept.run);
  }

  async read(kind: Kind, run: number) {
    if (kind === 'frontier') {
      this.frontier = (await session.ask(() => api.frontier(run))) ?? null;
      void this.picture();
    } else if (kind === 'scenarios') this.scenarios = (await session.ask(() => api.scenarios(run))) ?? null;
    else if (kind === 'goal') this.goal = (await session.ask(() => api.goal(run))) ?? null;
    else {
      this.portfolio = (await session.ask(() => api.portfolio(run))) ?? null;
      if (this.sure && this.open === 'portfolio') session.colour = 'sure';
      else if (!this.sure && session.colour === 'sure') session.colour = 'plan';
    }
  }

  async start(form: StudyForm) {
    const info = await session.ask(() => api.startStudy(form));
    if (info) this.follow(info);
  }

  async stop() {
    if (this.under) await session.ask(() => api.stopStudy(this.under!.id));
  }

  follow(info: StudyInfo) {
    this.#events?.close();
    this.under = info;
    const source = new EventSource(`${base}/api/studies/${info.id}/events?lang=${words.lang}`);
    this.#events = source;
    source.onmessage = (e: MessageEvent<string>) => {
      this.under = JSON.parse(e.data) as StudyInfo;
      if (this.running) return;
      source.close();
      if (this.under.state === 'done') void this.ended(this.under);
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED && this.under && this.running) this.under = { ...this.under, state: 'failed', problem: restarted() };
    };
  }

  private async ended(s: StudyInfo) {
    session.plans = (await session.ask(api.plans)) ?? session.plans;
    if (s.form.kind === 'force') this.forced = (await session.ask(() => api.force(s.run))) ?? null;
    const kind = kinds.find((k) => k === s.form.kind);
    if (kind) await this.read(kind, s.run);
  }

  /** Reads the plans of the curve, one after the other, for their pictures. */
  private async picture() {
    for (const p of this.frontier?.points ?? []) {
      if (p.plan === 0 || this.thumbs[p.plan]) continue;
      const plan = await api.plan(p.plan).catch(() => undefined); // a picture is not worth a complaint
      if (plan) this.thumbs = { ...this.thumbs, [p.plan]: plan };
    }
  }
}

export const studies = new Studies();
