import { defineConfig } from 'vitest/config';

// What judges the rules: their own tests, and the fixtures that the rule pages show. Not the tests of cel/: they compare
// with what a process of its own prints, which knows no mutation, so that any change of a text would count as found.
export default defineConfig({
  test: {
    include: [
      'test/unit/policy/**/*.test.ts',
      'test/unit/intent/{container-variables,mount-sidecar,rclone-flags}.test.ts',
      'test/unit/inject/append-preferred.test.ts',
    ],
    exclude: ['test/unit/policy/cel-policies.test.ts'],
    testTimeout: 30_000,
  },
});
