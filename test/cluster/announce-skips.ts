// Before the first test: one line for each suite that this machine cannot run, and what would run it.
import type { TestProject } from 'vitest/node';
import { lookForProvider } from './provider.ts';
import type { Suite } from './provider.ts';

/** Vitest calls it once per project (globalSetup). */
export async function setup({ name }: TestProject): Promise<void> {
  const suites: readonly Suite[] = name === 'endurance' ? ['node'] : ['API server', 'node'];
  for (const suite of suites) {
    const found = await lookForProvider(suite, process.env);
    if ('skipped' in found) process.stderr.write(`media-stack cluster: ${found.skipped}\n`);
  }
}
