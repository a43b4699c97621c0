// MapLibre, loaded when the map is first shown. Its worker is a file of its own, which
// version 6 must be told about.
import { Map, NavigationControl, prewarm, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';

setWorkerUrl(workerUrl);
prewarm(); // the workers start while the city is read

export { Map, NavigationControl, ScaleControl };
