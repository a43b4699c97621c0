// MapLibre, loaded when the map is first shown. Its worker is a file of its own, which
// version 6 must be told about.
import { Map, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';

setWorkerUrl(workerUrl);

export { Map, NavigationControl, ScaleControl };
