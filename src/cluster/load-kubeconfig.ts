// Which kubeconfig and which context: as kubectl decides (--kubeconfig, KUBECONFIG, ~/.kube/config, a pod's own account).
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { didYouMean } from '../problem/did-you-mean.ts';
import { quote } from '../problem/quote.ts';
import { ClusterError } from './cluster-error.ts';

export interface KubeconfigFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
}

const ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** The configuration with its context chosen. Throws a ClusterError `kubeconfig`. */
export function loadKubeconfig(flags: KubeconfigFlags, env: NodeJS.ProcessEnv = process.env): KubeConfig {
  const config = readFiles(flags, env);
  if (flags.context !== undefined) config.setCurrentContext(flags.context);
  const name = config.getCurrentContext();
  const known = config.getContexts().map((context) => context.name);
  if (!name) {
    throw new ClusterError(
      'kubeconfig',
      'the kubeconfig names no current context',
      `Name one with --context, or: kubectl config use-context ${known[0] ?? 'NAME'}`,
    );
  }
  if (!known.includes(name)) {
    const list =
      known.length === 0
        ? 'It holds no context at all.'
        : `Contexts: ${known.slice(0, MAX_NAMED).join(', ')}.`;
    throw new ClusterError(
      'kubeconfig',
      `the kubeconfig has no context ${quote(name)}`,
      didYouMean(name, known) + list,
    );
  }
  if (config.getCurrentCluster() === null) {
    const cluster = config.getContextObject(name)?.cluster ?? '';
    throw new ClusterError(
      'kubeconfig',
      `the context ${quote(name)} names the cluster ${quote(cluster)}, which the kubeconfig does not hold`,
      'Look at it: kubectl config view',
    );
  }
  const { server = '' } = config.getCurrentCluster() ?? {};
  if (!/^https?:\/\/[^/]/.test(server) || !URL.canParse(server)) {
    throw new ClusterError(
      'kubeconfig',
      `the server ${quote(server)} of the context ${quote(name)} is no URL`,
      'Write it as https://HOST:PORT under clusters in the kubeconfig.',
    );
  }
  // client-node refuses plain HTTP (`kubectl proxy`) unless the verification, of which there is none, is switched off.
  config.clusters = config.clusters.map((cluster) =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  return config;
}

const MAX_NAMED = 10;

function readFiles(flags: KubeconfigFlags, env: NodeJS.ProcessEnv): KubeConfig {
  if (flags.kubeconfig !== undefined) return readFile(flags.kubeconfig);
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  const standard = join(env['HOME'] ?? homedir(), '.kube', 'config');
  const wanted = listed.length > 0 ? listed : [standard];
  // kubectl passes over files of the list that do not exist.
  const found = wanted.filter((file) => existsSync(file));
  const [first, ...others] = found.map(readFile);
  if (first !== undefined) {
    for (const other of others) mergeInto(first, other);
    return first;
  }
  if (listed.length === 0 && env['KUBERNETES_SERVICE_HOST'] && existsSync(ACCOUNT_TOKEN)) {
    const config = new KubeConfig();
    config.loadFromCluster();
    return config;
  }
  throw new ClusterError(
    'kubeconfig',
    `there is no kubeconfig: ${wanted.join(', ')} ${wanted.length === 1 ? 'does' : 'do'} not exist`,
    'Name one with --kubeconfig FILE or KUBECONFIG=FILE. Files need no cluster: inject, lint, explain, migrate.',
  );
}

function readFile(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EACCES'
          ? 'permission denied'
          : code === 'EISDIR'
            ? 'it is a folder'
            : message;
    throw new ClusterError(
      'kubeconfig',
      `the kubeconfig ${file} cannot be read: ${why.split('\n')[0] ?? why}`,
      'Check the path, or make a new one (oc login, or what your provider has).',
    );
  }
  return config;
}

/** The first file that has a name wins, as for kubectl; client-node's own merge refuses a name that stands twice. */
function mergeInto(config: KubeConfig, other: KubeConfig): void {
  const absent = <T extends { readonly name: string }>(mine: readonly T[], theirs: readonly T[]): T[] =>
    theirs.filter(({ name }) => !mine.some((item) => item.name === name));
  for (const cluster of absent(config.getClusters(), other.getClusters())) config.addCluster(cluster);
  for (const user of absent(config.getUsers(), other.getUsers())) config.addUser(user);
  for (const context of absent(config.getContexts(), other.getContexts())) config.addContext(context);
  if (!config.getCurrentContext() && other.getCurrentContext())
    config.setCurrentContext(other.getCurrentContext());
}
