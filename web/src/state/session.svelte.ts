// What the screen shows. Components read it and run actions (../actions); only this
// file and the actions change it.
import { untrack } from 'svelte';
import { api, Refusal, Unreachable } from '../api/client';
import type { BasemapInfo, BlockInfo, CheckInfo, DraftInfo, CityInfo, LocksInfo, ParcelInfo, PlanHead, PlanInfo, Problem, SolveForm, SolveInfo, Summary, Totals } from '../api/types.gen';
import type { Reader } from '../format/format';
import { words } from '../words/words.svelte';
import type { Colour, Link, Panel, Room, View } from './hash';
import { start } from './history';
import { same, type LockSet } from './locks';
import type { Sketch } from './sketch';

/** Something the planner should know about, with what to do. */
export interface Notice {
  key?: string; // web.notice.<key> and web.notice.<key>_hint, filled with args
  args?: Record<string, string | number>;
  problem?: Problem; // or the server's words
  error?: boolean;
}

export const overlays = ['blocks', 'towns', 'ways', 'labels'] as const; // of the city itself
export type Overlay = (typeof overlays)[number];

/** What a hand on the map does: look and open, select by clicking, draw a rectangle or a free line around parcels, cut a block with a line. */
export type Tool = 'look' | 'pick' | 'box' | 'lasso' | 'cut';

/** What undo goes back through: the locks, and the plan changed by hand with the one it was made from. */
export interface Work {
  locks: LockSet;
  sketch: Sketch | null; // null: the plan is shown as it is stored
  of: PlanInfo | null;
}

class Session {
  city = $state.raw<CityInfo | null>(null);
  summary = $state.raw<Summary | null>(null);
  plans = $state.raw<PlanHead[]>([]);
  plan = $state.raw<PlanInfo | null>(null);

  year = $state<number | null>(null); // null: all years
  playing = $state(false);
  colour = $state<Colour>('grade');
  only = $state<string | null>(null); // the class of the legend that is shown alone
  shown = $state<Record<Overlay, boolean>>({ blocks: true, towns: true, ways: true, labels: true });
  under = $state(true); // whether the basemap is shown, if there is one
  torn = $state(false); // parts of the basemap could not be read

  picked = $state.raw<{ kind: 'parcel' | 'block' | 'plan' | Panel; id: string } | null>(null);
  parcel = $state.raw<ParcelInfo | null>(null);
  asked = $state(0); // counts how often somebody asked why: the drawer then shows its head, where the reasons stand
  room = $state<Room | null>(null); // null: the map
  pane = $state<'layers' | 'search' | null>(null); // what a narrow screen shows over the map

  history = $state.raw(start<Work>({ locks: [], sketch: null, of: null }));
  draft = $state.raw<(DraftInfo & { of: PlanInfo }) | null>(null); // what follows from the plan changed by hand
  planConflict = $state.raw<{ theirs: PlanInfo; base: Sketch; by: string; at: string } | null>(null); // what somebody else made of the plan changed by hand, and what it was before
  draftLate = $state(false); // the figures are older than the sketch
  stored = $state.raw<LockSet>([]); // as the server has them at version base
  base = 0;
  keeping = $state<'stored' | 'storing' | 'failed'>('stored');
  conflict = $state.raw<LocksInfo | null>(null); // what somebody else made of the locks
  selection = $state.raw<readonly string[]>([]); // parcels
  summed: { selection: readonly string[]; plan: number; totals: Totals } | null = null; // asked for with the selection
  tool = $state<Tool>('look'); // what a hand on the map does
  steps = $state(true); // whether the first steps are shown

  other = $state.raw<PlanInfo | null>(null); // the plan that is compared with
  pointed = $state(''); // the block that is outlined while plans are compared
  swipe = $state(false); // both plans on one map, parted by a slider
  form = $state.raw<SolveForm | null>(null);
  usual = $state.raw<SolveForm | null>(null); // the program's own options
  solve = $state.raw<SolveInfo | null>(null); // the solve that was asked for last
  ahead = $state.raw<SolveInfo | null>(null); // the one before it, which ran or waited when it was asked for
  check = $state.raw<CheckInfo | null>(null); // of the plan shown
  possible = $state(false); // whether the server can change and plan
  looking = $state(false); // a link or a server that shows the city and nothing else
  palette = $state(false);
  tileTag = $state(''); // of the tiles: locks are drawn over them and do not change it

  waiting = $state(0); // requests under way
  notice = $state.raw<Notice | null>(null);
  lost = $state(false); // the server does not answer
  shut = $state(false); // the link by which one looks is not valid any more
  updated = $state(false); // the program was replaced: the page should be loaded again

  view: View | null = null; // of the map, for links
  /** Where the map is asked to stand: a place that a link names. */
  stand = $state.raw<View | null>(null);
  /** What the map is asked to show next: a box in degrees, no nearer than a zoom, unless others are in sight as they were. */
  target = $state.raw<{ box: number[]; animate: boolean; zoom?: number; unless?: number[][] } | null>(null);

  get reader(): Reader {
    return { lang: words.lang, currency: this.city?.currency ?? 'CNY' };
  }

  get block(): BlockInfo | null {
    const id = this.picked?.kind === 'block' ? this.picked.id : this.parcel?.standing.block;
    const drawn = this.draftLate ? this.sketch?.find((b) => b.id === id) : undefined;
    const was = this.reckoned(drawn ?? { id: id ?? '', parcels: [] });
    if (!was || !drawn) return was ?? null;
    // As it was reckoned last, with what the hand said since.
    return { ...was, id: drawn.id, year: drawn.year, ready: was.ready + drawn.year - was.year, mode: drawn.mode, parcels: drawn.parcels, kept: drawn.kept, treated: drawn.treated ?? [] };
  }

  /** The block of the plan as it was reckoned last that one drawn since was made of. */
  reckoned(b: { id: string; parcels: string[] }): BlockInfo | undefined {
    return this.plan?.blocks.find((one) => one.id === b.id) ?? this.plan?.blocks.find((one) => one.parcels.some((p) => b.parcels.includes(p)));
  }

  /** The basemap that can be shown; null: there is none. */
  get basemap(): BasemapInfo | null {
    const b = this.city?.basemap;
    return b && b.kind !== 'none' ? b : null;
  }

  get locks(): LockSet {
    return this.history.now.locks;
  }

  /** The plan changed by hand; null: the plan is shown as it is stored. */
  get sketch(): Sketch | null {
    return this.history.now.sketch;
  }

  /** Whether the planner changed locks that are not stored yet. */
  get unstored(): boolean {
    return !same(this.locks, this.stored);
  }

  get panel(): Panel | undefined {
    const kind = this.picked?.kind;
    return kind === 'solve' || kind === 'plans' || kind === 'compare' ? kind : undefined;
  }

  get years(): number[] {
    return this.plan?.years ?? [];
  }

  get link(): Link {
    return {
      map: this.view ?? undefined,
      lang: words.lang,
      plan: this.plan?.id,
      year: this.year ?? undefined,
      colour: this.colour,
      parcel: this.picked?.kind === 'parcel' ? this.picked.id : undefined,
      block: this.picked?.kind === 'block' ? this.picked.id : undefined,
      open: this.panel,
      room: this.room ?? undefined,
      vs: this.other?.id,
      selected: this.selection.length > 0 ? (this.selection as string[]) : undefined,
    };
  }

  /** Runs a request, counts it while it lasts, and says what went wrong. */
  async ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    untrack(() => this.waiting++); // an effect that asks does not depend on who else asks
    try {
      const answer = await request();
      this.lost = false;
      return answer;
    } catch (err) {
      this.tell(err);
      return undefined;
    } finally {
      this.waiting--;
    }
  }

  /** Says what went wrong. */
  tell(err: unknown) {
    if (err instanceof Unreachable) this.lost = true;
    else if (err instanceof Refusal) this.notice = { problem: err.problem, error: true };
    else if (!(err instanceof DOMException && err.name === 'AbortError')) this.notice = { key: 'broken', error: true };
  }

  /** Reads the city; plan 0 takes the newest. */
  async open(plan = 0) {
    const before = this.plan;
    const [city, summary, plans] = await Promise.all([this.ask(api.city), this.ask(api.summary), this.ask(api.plans)]);
    if (!city || !summary || !plans) return;
    const there = plans.some((p) => p.id === plan);
    const id = there ? plan : city.plan;
    if (plan && !there) this.notice = { key: id ? 'plan_gone' : 'plan_gone_none', args: { n: plan, shown: id }, error: true };
    const found = !this.sketch && id ? ((await this.ask(() => api.plan(id))) ?? null) : null;
    if (!this.sketch && this.plan === before) this.plan = found; // who opened another meanwhile stays there
    this.summary = summary;
    this.plans = plans;
    this.city = city;
    this.tileTag = city.version.tiles;
    if (this.other && !plans.some((p) => p.id === this.other!.id)) this.other = null;
    if (this.year !== null && !this.years.includes(this.year)) this.year = null;
  }
}

export const session = new Session();
