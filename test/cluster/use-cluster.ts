// The cluster of a suite: started before its first test, ended after the last, evidence saved after each failure.
import { afterAll, afterEach, beforeAll } from 'vitest';
import { saveEvidence } from './evidence.ts';
import type { ClusterProvider } from './provider.ts';
import type { TestCluster } from './test-cluster.ts';
import { startWebhook } from './webhook.ts';
import type { Webhook } from './webhook.ts';

export interface RunningSuite {
  readonly cluster: TestCluster;
  readonly webhook: Webhook;
}

/** A cold build of all tools. */
const PREPARE_MS = 3_600_000;
const START_MS = 300_000;
const STOP_MS = 120_000;

/** Call it inside `describe.skipIf(provider === null)`; the result may be called in tests. */
export function useCluster(provider: ClusterProvider | null, settings: object = {}): () => RunningSuite {
  let cluster: TestCluster | undefined;
  let webhook: Webhook | undefined;
  beforeAll(async () => provider?.prepare(), PREPARE_MS);
  beforeAll(async () => {
    cluster = await provider?.start();
    if (cluster === undefined) return;
    const { folder, kubectl, webhookAddress: address } = cluster;
    webhook = await startWebhook({ folder, kubectl, address, settings });
  }, START_MS);
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || cluster === undefined) return;
    process.stderr.write(`evidence of "${task.name}": ${await saveEvidence(cluster, task.name)}\n`);
  }, STOP_MS);
  afterAll(async () => {
    await webhook?.stop();
    await cluster?.stop();
  }, STOP_MS);
  return () => {
    if (cluster === undefined || webhook === undefined) throw new Error('the cluster is not running');
    return { cluster, webhook };
  };
}
