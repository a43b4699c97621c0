import { session, type Tool } from '../state/session.svelte';
import type { Action } from './action';

/** Chooses what a hand on the map does; the same again goes back to looking. */
export const setTool: Action<[tool: Tool]> = {
  name: 'set-tool',
  label: 'web.action.tool',
  can: () => session.possible,
  run(tool) {
    session.tool = session.tool === tool ? 'look' : tool;
  },
};

const choose = (tool: Tool, key: string, icon: string): Action => ({
  name: `tool-${tool}`,
  label: `web.tool.${tool}`,
  icon,
  keys: [key],
  can: () => session.possible,
  run: () => setTool.run(tool),
});

/** A click on the map selects, until this is run again: for fingers and for one hand. */
export const pickTool = choose('pick', 'm', 'M4 2l8 5-3.6.8L10.5 12l-1.8.9-2-4.2L4 11.5z');
export const boxTool = choose('box', 'b', 'M2.5 3.5h11v9h-11z');
export const lassoTool = choose('lasso', 'g', 'M8 3c3.5 0 6 1.6 6 3.8S11.5 10.5 8 10.5c-1 0-2-.1-2.8-.4M8 3C4.5 3 2 4.6 2 6.8c0 1.4 1.2 2.6 3.2 3.3M5.2 10.1c.6 1.200.2 2.400-1.400 3.400');
