// A cluster as the tests see it, whoever made it.
import type { Kubectl } from './kubectl.ts';
import type { ClusterNode } from './node.ts';
import type { WebhookAddress } from './webhook.ts';

export interface TestCluster {
  readonly kubectl: Kubectl;
  readonly kubeconfig: string;
  /** From createRunFolder; its `logs` are part of the evidence. */
  readonly folder: string;
  /** Whether ReplicaSets become pods. */
  readonly hasControllers: boolean;
  readonly webhookAddress: WebhookAddress;
  /** `undefined` where only an API server was asked for, or where the nodes are somebody else's. */
  readonly node: ClusterNode | undefined;
  /** The rclone program for servers of the tests; only with a node of ours. */
  readonly rclone: string | undefined;
  /** Ends everything and removes the folder. Call it any number of times. */
  stop(): Promise<void>;
}
