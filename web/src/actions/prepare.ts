import { base } from '../api/client';
import type { LandForm, LandJob } from '../api/types.gen';
import { land } from '../data/api';
import { prepare } from '../data/prepare.svelte';
import { look } from '../state/follow';
import { session } from '../state/session.svelte';
import { words } from '../words/words.svelte';
import type { Action } from './action';

let events: EventSource | undefined;

/** Grades the land by a rule pack, in the background. */
export const gradeLand: Action<[pack: string]> = {
  name: 'grade-land',
  label: 'web.action.grade_land',
  can: () => session.possible && !underWay(prepare.job),
  run: (pack) => start({ kind: 'grade', pack }),
};

/** Groups the candidates that lie together, in the background. */
export const formClusters: Action<[gap: number, across: string[]]> = {
  name: 'form-clusters',
  label: 'web.action.form_clusters',
  can: () => session.possible && (session.city?.counts.graded ?? 0) > 0 && !underWay(prepare.job),
  run: (gap, across) => start({ kind: 'clusters', gap_m: gap, min_shared_m: prepare.info?.rule.min_shared_m ?? 1, across }),
};

/** Stops the grading or the clustering; the city stays as it was. */
export const stopPreparing: Action = {
  name: 'stop-preparing',
  label: 'web.action.stop',
  can: () => underWay(prepare.job),
  async run() {
    if (prepare.job) await session.ask(() => land.stop(prepare.job!.id));
  },
};

export const underWay = (j: LandJob | null) => j?.state === 'running' || j?.state === 'waiting';

/** Reads what there is to choose from, and follows what is under way. */
export async function readLand() {
  const info = await session.ask(land.look);
  if (!info) return;
  prepare.info = info;
  const running = info.jobs.find(underWay);
  if (running && running.id !== prepare.job?.id) follow(running);
}

async function start(form: LandForm) {
  const job = await session.ask(() => land.start(form));
  if (job) follow(job);
}

/** Follows a job to its end; the browser asks again by itself when the line breaks. */
function follow(job: LandJob) {
  events?.close();
  prepare.job = job;
  const source = new EventSource(`${base}/api/land/jobs/${job.id}/events?lang=${words.lang}`);
  events = source;
  source.onmessage = (e: MessageEvent<string>) => {
    const now = JSON.parse(e.data) as LandJob;
    if (underWay(now)) return void (prepare.job = now);
    source.close();
    void ended(now);
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) prepare.job = null; // the server was started again
  };
}

async function ended(job: LandJob) {
  await look(); // what it made shows before its end is told
  prepare.job = job;
  await readLand();
}
