/** The map as it stands, drawn in this very moment; the map sets it while there is one. */
export const taken: { canvas?: () => HTMLCanvasElement } = {};
