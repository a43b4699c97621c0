import { session } from '../state/session.svelte';
import { studies, type Kind } from '../state/studies.svelte';
import type { Action } from './action';

const possible = () => session.possible && session.plan !== null;

const opens = (kind: Kind, key: string): Action => ({
  name: `study-${kind}`,
  label: `web.study.${kind}`,
  keys: [key],
  can: possible,
  run() {
    if (studies.open === kind) return closeStudies.run();
    session.pane = null;
    return studies.show(kind);
  },
});

/** How far to go: plans along a cap, as one curve. */
export const showFrontier = opens('frontier', 'z');
/** The least of a resource that reaches a target. */
export const showGoal = opens('goal', 'y');
/** How often each parcel is chosen by plans nearly as good as the best. */
export const showPortfolio = opens('portfolio', 't');

/** How plans fare when costs, yearly values and projects come otherwise. */
export const showScenarios = opens('scenarios', '4');

export const closeStudies: Action = {
  name: 'close-studies',
  label: 'web.study.close',
  can: () => studies.open !== null,
  run() {
    studies.open = null;
    if (session.colour === 'sure') session.colour = 'plan';
  },
};
