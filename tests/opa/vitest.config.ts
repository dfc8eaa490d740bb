import { defineConfig } from 'vitest/config';

/** `npm run test:opa`: what needs the real Open Policy Agent, which is built for it. */
export default defineConfig({
  cacheDir: '../../node_modules/.vite/opa',
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    testTimeout: 120_000,
    // The first time it is built.
    hookTimeout: 1_800_000,
    pool: 'forks',
    reporters: ['verbose'],
    fileParallelism: false,
  },
});
