import { session } from '../state/session.svelte';
import type { Action } from './action';

/** Back to the map. */
export const openMap: Action = {
  name: 'open-map',
  label: 'web.action.map_room',
  can: () => session.room !== null,
  run: () => void (session.room = null),
};

/** Opens the data room: where the data come from, and files on their way in. */
export const openDataRoom: Action = {
  name: 'open-data-room',
  label: 'web.action.data',
  keys: ['d'],
  run: () => void (session.room = 'data'),
};

/** Opens the room where files for others are made. */
export const openHandover: Action = {
  name: 'open-handover',
  label: 'web.action.handover',
  keys: ['h'],
  run: () => void (session.room = 'handover'),
};
