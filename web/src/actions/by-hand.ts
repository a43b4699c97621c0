// What changes a plan by hand.
import { api } from '../api/client';
import type { Handled } from '../api/types.gen';
import { area } from '../format/format';
import type { Point } from '../map/ring';
import { record } from '../state/history';
import { resumeDraft } from '../state/keep-draft';
import { session } from '../state/session.svelte';
import { addTo, handle, join, keep, makeBlock, moveTo, pin, release, sketchOf, split, takeOut, treat, unpin } from '../state/sketch';
import { sketchAction, type Action } from './action';

const planned = () => session.possible && session.plan !== null && session.plan.status !== 'infeasible';
const drawing = () => session.sketch !== null;

/** The blocks that hold a selected parcel. */
export const touched = () => (session.plan?.blocks ?? []).filter((b) => b.parcels.some((id) => session.selection.includes(id)));

/** Begins to change the plan by hand, or goes on where it was left. */
export const editByHand: Action = {
  name: 'edit-by-hand',
  label: 'web.hand.start',
  icon: 'M3 13l.8-3.2L10.5 3 13 5.5 6.2 12.2z',
  keys: ['e'],
  can: () => planned() && !drawing(),
  run() {
    if (resumeDraft() || !session.plan) return;
    session.history = record(session.history, { ...session.history.now, sketch: sketchOf(session.plan), of: session.plan });
  },
};

/** Drops what was drawn; undo brings it back. */
export const dropDraft: Action = {
  name: 'drop-draft',
  label: 'web.hand.drop',
  can: drawing,
  undoable: true,
  run() {
    session.history = record(session.history, { ...session.history.now, sketch: null, of: null });
    if (session.tool === 'cut') session.tool = 'look';
    if (session.picked?.kind === 'block' || session.picked?.kind === 'compare') session.picked = null;
    if (session.colour === 'compare') session.colour = 'plan';
  },
};

const oneBlock = sketchAction<[year?: number, mode?: string]>({
  name: 'selection-to-block',
  label: 'web.hand.make',
  keys: ['n'],
  can: () => planned() && session.selection.length > 0,
  edit(sketch, year, mode) {
    const of = sketch.find((b) => b.parcels.some((id) => session.selection.includes(id)));
    return makeBlock(sketch, session.selection, year || session.year || of?.year || session.years[0] || 0, mode ?? of?.mode ?? sketch[0]?.mode ?? 'clear');
  },
});

/** Makes one block of what is selected, in a year; what is larger than any block may be is refused in words. */
export const selectionToBlock: typeof oneBlock = {
  ...oneBlock,
  async run(year, mode) {
    const [most, selection] = [session.plan?.largest_m2 ?? 0, session.selection];
    const known = session.summed?.selection === selection ? session.summed.totals : await session.ask(() => api.totals([...selection], 0));
    if (selection !== session.selection) return;
    if (known && most > 0 && known.land_m2.sum > most) {
      session.notice = { key: 'block_too_large', args: { land: area(known.land_m2.sum, session.reader), most: area(most, session.reader) } };
      return;
    }
    return oneBlock.run(year, mode);
  },
};

/** Adds what is selected to a block. */
export const selectionToThis = sketchAction<[id: string]>({
  name: 'selection-to-this',
  label: 'web.hand.add',
  edit: (sketch, id) => addTo(sketch, id, session.selection),
});

/** Leaves what is selected out of the plan. */
export const selectionOut = sketchAction({
  name: 'selection-out',
  label: 'web.hand.out',
  keys: ['Delete', 'Backspace'],
  can: () => planned() && touched().length > 0,
  edit: (sketch) => takeOut(sketch, session.selection),
});

/** Joins the blocks that what is selected lies in. */
export const joinBlocks = sketchAction({
  name: 'join-blocks',
  label: 'web.hand.join',
  keys: ['j'],
  can: () => planned() && touched().length > 1,
  edit: (sketch) => join(sketch, touched().map((b) => b.id)),
});

/** Splits what is selected off its block. */
export const splitOff = sketchAction({
  name: 'split-off',
  label: 'web.hand.split',
  can: () => planned() && touched().length === 1 && touched()[0]!.parcels.some((id) => !session.selection.includes(id)),
  edit: (sketch) => touched().reduce((s, b) => split(s, b.id, session.selection), sketch),
});

/** The block whose panel is open, when something of what is selected could be kept inside of it. */
function around(): string {
  const block = session.picked?.kind === 'block' ? session.block : null;
  const all = block?.parcels.every((id) => session.selection.includes(id));
  return block && !all && session.selection.some((id) => !block.kept.includes(id)) ? block.id : '';
}

/** Leaves what is selected standing inside the open block: not cleared, but part of it. */
export const keepInside = sketchAction({
  name: 'keep-inside',
  label: 'web.hand.keep_inside',
  keys: ['q'],
  can: () => planned() && around() !== '',
  edit: (sketch) => keep(sketch, around(), session.selection),
});

/** What is selected and kept inside a block is no longer so. */
export const releaseKept = sketchAction({
  name: 'release-kept',
  label: 'web.hand.release',
  can: () => planned() && (session.plan?.blocks ?? []).some((b) => b.kept.some((id) => session.selection.includes(id))),
  edit: (sketch) => release(sketch, session.selection),
});

export const releaseThese = sketchAction<[parcels: readonly string[]]>({ name: 'release-these', label: 'web.hand.release', edit: release });
export const clearThese = sketchAction<[id: string, parcels: readonly string[]]>({ name: 'clear-these', label: 'web.hand.clear_too', edit: addTo });

export const moveBlock = sketchAction<[id: string, year: number]>({ name: 'move-block', label: 'web.hand.year', edit: moveTo });
export const treatBlock = sketchAction<[id: string, mode: string]>({ name: 'treat-block', label: 'web.hand.mode', edit: treat });
export const handleBuildings = sketchAction<[id: string, parcel: string, buildings: readonly Handled[]]>({ name: 'handle-buildings', label: 'web.hand.buildings', edit: handle });
export const pinProject = sketchAction<[id: string, project: string]>({ name: 'pin-project', label: 'web.hand.pin', edit: pin });
export const unpinProject = sketchAction<[project: string]>({ name: 'unpin-project', label: 'web.hand.unpin', edit: unpin });
export const dropBlock = sketchAction<[parcels: readonly string[]]>({ name: 'drop-block', label: 'web.hand.drop_block', edit: takeOut });

const splitBlock = sketchAction<[id: string, parcels: readonly string[]]>({ name: 'split-block', label: 'web.hand.split', edit: split });

/** Cuts the open block, or every block a line goes through, in two along it. */
export const cutBlock: Action<[line: Point[]]> = {
  name: 'cut-block',
  label: 'web.hand.cut',
  can: planned,
  async run(line) {
    const block = session.block;
    if (!block) return;
    const parts = await session.ask(() => api.cut(line, block.parcels));
    if (!parts) return;
    session.tool = 'look';
    if (parts.left.length === 0 || parts.right.length === 0) {
      session.notice = { key: 'cut_missed', args: { block: block.id } };
      return;
    }
    void splitBlock.run(block.id, parts.right);
  },
};

/** Waits for a line through the open block. */
export const cutTool: Action = {
  name: 'cut-tool',
  label: 'web.hand.cut',
  keys: ['k'],
  can: () => planned() && session.picked?.kind === 'block',
  run() {
    session.tool = session.tool === 'cut' ? 'look' : 'cut';
  },
};
