// Programs that a test needs and a machine may lack.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;
}

const REQUIRE_ALL = process.env['MEDIA_STACK_REQUIRE_ALL'] === '1';

/** Stands where a program is missing: skipped, or failed where everything is required. */
export function testWithout(program: string, debianPackage = program): void {
  test.skipIf(!REQUIRE_ALL)(`needs ${program}: apt-get install ${debianPackage}`, () => {
    expect.fail(`${program} is not installed, and MEDIA_STACK_REQUIRE_ALL=1`);
  });
}
