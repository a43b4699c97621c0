// Every action that needs nothing more to be said: keys and the command palette go by
// this list.
import type { Action } from './action';
import { cutTool, dropDraft, editByHand, joinBlocks, keepInside, releaseKept, selectionOut, selectionToBlock, splitOff } from './by-hand';
import { checkPlan } from './check-plan';
import { relaxAndSolve, stopSolve } from './solve';
import { waiveAndSolve } from './waive-and-solve';
import { comparePlans, endCompare, planAgain, showPlans, swipePlans } from './open-panel';
import { fitCity } from './fit-city';
import { focusSearch } from './focus-search';
import { lockIn } from './lock-in';
import { lockOut } from './lock-out';
import { earlierYear, nextYear } from './move-to-year';
import { openPalette } from './open-palette';
import { playYears } from './play-years';
import { printComparison } from './print-comparison';
import { redo, undo } from './undo';
import { openDataRoom, openHandover, openMap } from './open-room';
import { ask } from './ask-why';
import { boxTool, lassoTool, pickTool } from './set-tool';
import { saveCurve } from './save-curve';
import { showBasemap } from './show-basemap';
import { showSteps } from './show-steps';
import { selectNothing, selectPicked } from './select';
import { showFrontier, showGoal, showPortfolio, showScenarios } from './studies';
import { showPlan } from './show-plan';
import { unlock } from './unlock';

export const all: readonly Action[] = [
  lockIn as Action, lockOut, unlock, undo, redo, selectPicked, selectNothing, pickTool, boxTool, lassoTool, ask, showSteps, showBasemap,
  showFrontier, saveCurve, showPortfolio, showGoal, showScenarios, editByHand, selectionToBlock as Action, selectionOut, joinBlocks, splitOff, cutTool, keepInside, releaseKept, dropDraft,
  planAgain, stopSolve as Action, relaxAndSolve, waiveAndSolve, checkPlan, showPlan, showPlans, comparePlans as Action, swipePlans, printComparison, endCompare,
  openMap, openDataRoom, openHandover, focusSearch, fitCity, nextYear, earlierYear, playYears, openPalette,
];
