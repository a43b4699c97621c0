/** How much of the map's width the drawer covers, where there is room beside it. */
export const drawerPx = 392;
