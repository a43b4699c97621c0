import { session } from '../state/session.svelte';
import type { Action } from './action';
import { planAgain } from './open-panel';

/** Opens the form of a new solve in which a block of the plan shown stays exactly as it is. */
export const signBlock: Action<[block: string]> = {
  name: 'sign-block',
  label: 'web.action.sign_block',
  can: () => session.possible && session.plan !== null && session.sketch === null,
  async run(block) {
    const plan = session.plan?.id ?? 0;
    const before = session.form?.from === plan ? (session.form.signed ?? []) : []; // signed, and not yet planned with
    await planAgain.run();
    if (session.form) session.form = { ...session.form, signed: [...new Set([...(session.form.signed ?? []), ...before, `${plan}/${block}`])] };
  },
};
