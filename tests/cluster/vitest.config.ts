import { defineConfig } from 'vitest/config';

/** `npm run test:cluster`: everything in one worker, since all tests share one world. */
export default defineConfig({
  cacheDir: '../../node_modules/.vite/cluster',
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    reporters: ['verbose'],
    fileParallelism: false,
  },
});
