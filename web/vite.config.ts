import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// vitest 5 groups failures with Map.groupBy, which Node 20 does not have yet.
Map.groupBy ??= <K, T>(items: Iterable<T>, key: (item: T, index: number) => K) => {
  const groups = new Map<K, T[]>();
  let i = 0;
  for (const item of items) {
    const k = key(item, i++);
    groups.set(k, [...(groups.get(k) ?? []), item]);
  }
  return groups;
};

// `npm run dev` shows the screens with a server started beside it:
// plottage serve CITY.gpkg
const server = 'http://localhost:8558';

export default defineConfig({
  plugins: [svelte()],
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1200 },
  server: {
    fs: { allow: ['..'] }, // the catalogue of words lies beside this folder
    proxy: { '/api': server, '/tiles': server },
  },
  test: { include: ['src/**/*.test.ts'] },
});
