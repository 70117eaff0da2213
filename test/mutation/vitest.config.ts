import { defineConfig } from 'vitest/config';

// What judges the rules: their own tests, and the fixtures that the rule pages show.
export default defineConfig({
  test: {
    include: ['test/unit/policy/**/*.test.ts', 'test/unit/intent/rclone-flags.test.ts'],
    testTimeout: 30_000,
  },
});
