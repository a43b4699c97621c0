import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import './node20.ts';
import { carried } from './src/words/said.ts';

// `npm run dev` shows the screens with a server started beside it:
// plottage serve CITY.gpkg
const server = 'http://localhost:8558';

export default defineConfig({
  plugins: [
    svelte(),
    {
      name: 'carried-words', // the catalogue is the whole program's
      enforce: 'pre',
      transform(code, id) {
        const part = /\/locale\/\w+\/\w+\.json\?(first|later)$/.exec(id)?.[1];
        return part && { code: `export default ${JSON.stringify(carried(JSON.parse(code) as Record<string, string>, part === 'later'))}`, moduleType: 'js' };
      },
    },
  ],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    // What the page needs before anything is asked for comes as one file, not as forty: the
    // parts that are loaded later share much of it, and each shared piece would be a request.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
  server: {
    fs: { allow: ['..'] }, // the catalogue of words lies beside this folder
    proxy: { '/api': server, '/tiles': server, '/basemap': server },
  },
  test: { include: ['src/**/*.test.ts'] },
});
