import type { LockInfo } from '../api/types.gen';
import { lock, unlock } from '../state/locks';
import { lockAction } from './action';

/** Locks a whole block, in or out, without selecting it first. */
export const lockBlock = lockAction<[parcels: readonly string[], kind: LockInfo['kind'], year?: number]>({
  name: 'lock-block',
  label: 'web.action.lock_in',
  edit: (locks, parcels, kind, year = 0) => lock(locks, parcels, kind, year),
});

/** Takes the locks of a whole block away. */
export const unlockBlock = lockAction<[parcels: readonly string[]]>({
  name: 'unlock-block',
  label: 'web.action.unlock',
  edit: (locks, parcels) => unlock(locks, parcels),
});
