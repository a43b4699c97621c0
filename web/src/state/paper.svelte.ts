// The map of what differs as it goes on paper with a comparison.
export const paper = $state<{
  src: string; // the address of the picture; empty: none yet
  of: string; // what it shows, see ../actions/print-comparison
  image?: HTMLImageElement; // where it stands
  busy: boolean;
}>({ src: '', of: '', busy: false });
