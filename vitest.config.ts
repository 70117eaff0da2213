import { defineConfig } from 'vitest/config';

// `fast` is everything without a cluster and without long waits (npm run check); `slow` holds the tests that need real
// time (the 91 s idle connection); `cluster` those that need a real API server or node; `endurance` the long series on
// the node (npm run endurance).
const slow = ['test/**/*.slow.test.ts'];
const cluster = ['test/**/*.cluster.test.ts'];
const announceSkips = 'test/cluster/announce-skips.ts';
const endurance = ['test/**/*.endurance.test.ts'];

export default defineConfig({
  test: {
    reporters: process.env['VITEST_JSON'] ? ['default', 'json'] : ['default'],
    ...(process.env['VITEST_JSON'] ? { outputFile: { json: process.env['VITEST_JSON'] } } : {}),
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          // Below test/mutation there are packages, and while it runs copies of all tests.
          exclude: [...slow, ...cluster, ...endurance, 'test/mutation/**'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: { name: 'slow', include: slow, testTimeout: 180_000 },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: cluster,
          testTimeout: 60_000,
          globalSetup: announceSkips,
          // Each file has a cluster of its own, and most of its time is waiting.
          maxWorkers: 2,
          // Not beside the others, which want all cores.
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'endurance',
          include: endurance,
          testTimeout: 600_000,
          globalSetup: announceSkips,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
