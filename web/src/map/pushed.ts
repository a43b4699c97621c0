const edge = 30; // pixels that stay free around what is shown

/**
 * How far something has to be pushed back, in pixels, so that it ends before a limit: the whole
 * of it, or of what is too long at least the point that was clicked.
 */
export function pushed(from: number, to: number, at: number, limit: number): number {
  const room = Math.max(0, from - edge);
  return Math.max(at - limit, Math.min(to - limit, room), 0);
}
