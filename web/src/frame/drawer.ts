/** How much of the map's width the drawer covers, where there is room beside it. */
export const drawerPx = 392;

/** How much of the map's height it covers on a phone. */
export const drawerShare = 0.62;
