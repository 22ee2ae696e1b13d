import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/mutants/caught.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxConcurrency: 8,
  },
});
