// Colours of the map, chosen to stay apart for colour-blind readers and in grey print:
// ordered classes run along lightness, unordered ones are Okabe and Ito's (2008) and
// Tol's "light" set.

/** Years of a plan, early to late: ColorBrewer YlGnBu, dark first. */
const yearRamp = ['#123a7c', '#1f63a9', '#2791bd', '#4fb5bf', '#86cfb7', '#c3e3ac'];
/** Grades, best to worst: ColorBrewer BrBG. */
const gradeRamp = ['#1b7f79', '#7cc4ba', '#d9e6dc', '#e5c07b', '#b0631c'];

export const land = {
  background: '#f3f5f4',
  plain: '#e4e8e8',
  line: '#b6bfc2',
  candidate: '#f1dcae',
  kept: '#d4d0e4',
  ungraded: '#d9dee0',
  ink: '#22313a',
  river: '#a9cbe0',
  way: '#ffffff',
  rail: '#8d99a0',
  redline: '#b4423c',
  town: '#7f8d94',
  picked: '#d1285b',
  hand: '#7a3ea1', // what a planner drew
};

/** The basemap: lighter than the parcels, so that they stay the subject. */
export const ground = {
  earth: '#f6f7f5',
  built: '#f1f1ee',
  green: '#e6eee3',
  water: '#d3e3ec',
  house: '#e7e8e6',
  road: '#ffffff',
  edge: '#cdd4d5',
  border: '#b3bcc0',
  name: '#6d7a81',
};

export const queueColours: Record<string, string> = {
  unsupplied: '#56b4e9',
  stock: '#2f9b78',
  idle: '#e69f00',
  inefficient: '#cc79a7',
};

/** The five stages of poor use in the order of a parcel's life, and full use. */
export const stageColours: Record<string, string> = {
  unsupplied: '#56b4e9',
  supplied_unused: '#e69f00',
  under_built: '#f0d264',
  not_operating: '#b06a3b',
  below_standard: '#cc79a7',
  in_full_use: '#cfe3dc',
};

/** Where two plans differ: only this, only the other, both, both in other years. */
export const compareColours: Record<string, string> = { a: '#0072b2', b: '#e69f00', both: '#a9b8bd', year: '#8fc7b5' };

/** How many of several plans clear a parcel, few to all: ColorBrewer Oranges. */
export const sureColours = ['#fdd9b4', '#fba55c', '#e2631b', '#8f3106'];
export const sureColour = (share: number) => sureColours[share >= 1 ? 3 : share > 2 / 3 ? 2 : share > 1 / 3 ? 1 : 0]!;

/** Locks: in and out differ by colour and by the way their lines lean. */
export const lockColours = { in: '#0b5d3b', out: '#8c2f2b' };

export const clusterColours = ['#77aadd', '#ee8866', '#44bb99', '#ffaabb', '#eedd88', '#99ddff', '#bbcc33', '#c9a6d8'];

/** The colour at a place 0..1 along a ramp. */
function along(ramp: string[], at: number): string {
  const x = Math.min(1, Math.max(0, at)) * (ramp.length - 1);
  const i = Math.min(ramp.length - 2, Math.floor(x));
  const [a, b] = [channels(ramp[i]!), channels(ramp[i + 1]!)];
  return '#' + a.map((v, k) => Math.round(v + (b[k]! - v) * (x - i)).toString(16).padStart(2, '0')).join('');
}

const channels = (hex: string) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

/** Colours for n ordered classes. */
const spread = (ramp: string[], n: number) => Array.from({ length: n }, (_, i) => along(ramp, n < 2 ? 0 : i / (n - 1)));

export const yearColours = (n: number) => spread(yearRamp, n);
export const gradeColours = (n: number) => (n === 4 ? [0, 1, 3, 4].map((i) => gradeRamp[i]!) : spread(gradeRamp, n));

/** Whether text on the colour should be white. */
export function dark(hex: string): boolean {
  const [r, g, b] = channels(hex);
  return 0.299 * r! + 0.587 * g! + 0.114 * b! < 140;
}
