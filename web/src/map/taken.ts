/** The picture of the map as it stands, as an address of its own; the map sets it while there is one. */
export const taken: { picture?: () => Promise<string> } = {};
