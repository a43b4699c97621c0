import { defineConfig } from 'vitest/config';
import '../node20.ts';

// Journeys in a real browser, one after the other: npm run e2e
export default defineConfig({
  test: { include: ['e2e/**/*.e2e.ts'], fileParallelism: false, testTimeout: 90_000, hookTimeout: 240_000, globalSetup: ['e2e/build.ts'] },
});
