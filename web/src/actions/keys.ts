import { session } from '../state/session.svelte';
import type { Action } from './action';
import { all } from './all';
import { closeDrawer } from './close-drawer';

const typing = (el: EventTarget | null) => el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));

/** The name of a key press as actions write it. */
export function keyName(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): string {
  if (!e.ctrlKey && !e.metaKey) return e.key;
  return `Mod+${e.shiftKey ? 'Shift+' : ''}${e.key.toLowerCase()}`;
}

const actionOf = (name: string): Action | undefined => (name === 'Escape' ? closeDrawer : all.find((a) => a.keys?.includes(name)));

const anywhere = ['Mod+k', 'Mod+p']; // text fields have no use for these

/** Runs the action of a key; single letters do nothing while somebody types. */
export function onKey(event: KeyboardEvent) {
  if (event.altKey || event.defaultPrevented) return;
  if (session.palette && event.key !== 'Escape' && keyName(event) !== 'Mod+k') return; // it has its own keys
  if (typing(event.target) && event.key !== 'Escape' && !anywhere.includes(keyName(event))) return; // undo of a field is the field's
  const action = actionOf(keyName(event));
  if (!action || action.can?.() === false) return;
  event.preventDefault();
  void action.run();
}
