// Options of every command that talks to a cluster, named as kubectl names them.
import type { Command } from 'commander';
import type { Cluster } from '../cluster/cluster.ts';
import { UsageError } from './usage-error.ts';

export interface ClusterFlags {
  readonly namespace?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
}

export interface OpenedCluster {
  readonly cluster: Cluster;
  readonly namespace: string;
}

/** Adds -n, --context and --kubeconfig. */
export function addClusterOptions(command: Command): Command {
  return command
    .option('-n, --namespace <namespace>', 'namespace (default: the one of the context)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig file');
}

/**
 * The cluster, and the namespace that is meant: some commands take it by position too, as the scripts before them did.
 * Throws a UsageError where the two contradict each other, a ClusterError where there is no such cluster or, unless
 * `checked` is false, no such namespace.
 */
export async function openCluster(
  flags: ClusterFlags,
  positionalNamespace?: string,
  { checked = true }: { readonly checked?: boolean } = {},
): Promise<OpenedCluster> {
  for (const [word, value] of [
    ['the namespace', positionalNamespace],
    ['--namespace', flags.namespace],
    ['--context', flags.context],
    ['--kubeconfig', flags.kubeconfig],
  ] as const) {
    if (value === '')
      throw new UsageError(
        `${word} is empty`,
        'Is a variable of the shell not set? Name one, or leave it out.',
      );
  }
  if (
    positionalNamespace !== undefined &&
    flags.namespace !== undefined &&
    positionalNamespace !== flags.namespace
  ) {
    throw new UsageError(
      `two namespaces are named: ${positionalNamespace} by position and ${flags.namespace} with --namespace`,
      'Name one.',
    );
  }
  const { connectCluster } = await import('../cluster/cluster.ts');
  const { expectNamespace } = await import('../cluster/expect-namespace.ts');
  const cluster = connectCluster(flags);
  const namespace = positionalNamespace ?? flags.namespace ?? cluster.namespace;
  if (checked) await expectNamespace(cluster, namespace);
  return { cluster, namespace };
}
