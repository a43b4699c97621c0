// What makes plans possible once the data are in: grading and clustering.
import type { LandInfo, LandJob } from '../api/types.gen';

class Prepare {
  info = $state.raw<LandInfo | null>(null);
  job = $state.raw<LandJob | null>(null); // the one followed, or the last that ended
}

export const prepare = new Prepare();
