// etcd, API server, controller manager and scheduler on loopback, each on ports and with data of its own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolName } from './build-tools.ts';
import { writeCredentials } from './cluster-credentials.ts';
import type { ClusterCredentials } from './cluster-credentials.ts';
import { freePorts } from './free-ports.ts';
import { buildKubectl } from './kubectl.ts';
import type { Kubectl } from './kubectl.ts';
import { startProcess } from './supervised-process.ts';
import type { SupervisedProcess } from './supervised-process.ts';
import { waitUntil } from './wait-until.ts';

export interface ControlPlaneOptions {
  /** From createRunFolder. */
  readonly folder: string;
  readonly tools: Readonly<Partial<Record<ToolName, string>>>;
  /** Without them pods can be created by hand only; default: both where their programs are given. */
  readonly controllerManager?: boolean;
  readonly scheduler?: boolean;
}

export interface ControlPlane {
  /** `https://127.0.0.1:PORT`. */
  readonly server: string;
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  readonly credentials: ClusterCredentials;
  readonly hasControllers: boolean;
  readonly processes: readonly SupervisedProcess[];
  /** Ends everything with SIGKILL: on SIGTERM the API server holds its port for over a minute. Call it any number of times. */
  stop(): Promise<void>;
}

/** Resolves when /readyz answers; then the components besides the API server may still be on their way. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { folder, tools } = options;
  const home = join(folder, 'control-plane');
  mkdirSync(home);
  const [etcdPort = 0, port = 0] = await freePorts(2);
  const server = `https://127.0.0.1:${port}`;
  const credentials = await writeCredentials(home, server, new Date());
  const { kubeconfigs } = credentials;
  const processes: SupervisedProcess[] = [];
  const start = (tool: ToolName, args: readonly string[]): SupervisedProcess => {
    const command = tools[tool];
    if (command === undefined) throw new Error(`no ${tool} is given`);
    const process = startProcess({ name: tool, command, args, logFile: join(folder, 'logs', `${tool}.log`) });
    processes.push(process);
    return process;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.kill()));
  };
  const hasControllers = options.controllerManager ?? tools['kube-controller-manager'] !== undefined;
  const kubectl = buildKubectl({
    binary: tools.kubectl ?? 'kubectl',
    kubeconfig: kubeconfigs.admin,
    hasControllers,
  });
  try {
    const etcd = start('etcd', etcdArguments(join(home, 'etcd'), etcdPort, credentials));
    const api = start('kube-apiserver', apiServerArguments(port, etcdPort, credentials, hasControllers));
    await waitUntil(
      'the API server',
      async () => (await kubectl.run(['get', '--raw', '/readyz'])).exitCode === 0,
      {
        timeoutMs: 120_000,
        failed: () => api.failure() ?? etcd.failure(),
      },
    );
    if (hasControllers) start('kube-controller-manager', controllerManagerArguments(credentials));
    if (options.scheduler ?? tools['kube-scheduler'] !== undefined) {
      start('kube-scheduler', componentArguments(kubeconfigs.scheduler));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { server, kubeconfig: kubeconfigs.admin, kubectl, credentials, hasControllers, processes, stop };
}

function etcdArguments(dataDir: string, port: number, files: ClusterCredentials): string[] {
  const url = `https://127.0.0.1:${port}`;
  return [
    `--data-dir=${dataDir}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    // Alone: any free port, which nobody needs to know.
    '--listen-peer-urls=http://127.0.0.1:0',
    '--unsafe-no-fsync',
    `--cert-file=${files.servingCertificate}`,
    `--key-file=${files.servingKey}`,
    // Whoever may write here owns the cluster, and with it this machine's root.
    '--client-cert-auth',
    `--trusted-ca-file=${files.caFile}`,
    '--enable-grpc-gateway=false',
  ];
}

function apiServerArguments(
  port: number,
  etcdPort: number,
  files: ClusterCredentials,
  hasControllers: boolean,
): string[] {
  return [
    `--etcd-servers=https://127.0.0.1:${etcdPort}`,
    `--etcd-cafile=${files.caFile}`,
    `--etcd-certfile=${files.clientCertificate}`,
    `--etcd-keyfile=${files.clientKey}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    // Endpoints refuse a loopback address, and nobody asks for them.
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--tls-cert-file=${files.servingCertificate}`,
    `--tls-private-key-file=${files.servingKey}`,
    `--token-auth-file=${files.tokenFile}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    // Only the controller manager makes the ServiceAccount that this plugin asks for.
    ...(hasControllers ? [] : ['--disable-admission-plugins=ServiceAccount']),
    '--allow-privileged=true',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.serviceAccountKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    // kubectl logs and exec: by the node's name, localhost, for the kubelet listens on loopback only.
    '--kubelet-preferred-address-types=Hostname',
    `--kubelet-client-certificate=${files.clientCertificate}`,
    `--kubelet-client-key=${files.clientKey}`,
    '--profiling=false',
  ];
}

function controllerManagerArguments(files: ClusterCredentials): string[] {
  return [
    ...componentArguments(files.kubeconfigs['controller-manager']),
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    `--root-ca-file=${files.caFile}`,
    // Its own user may do little; each controller has a role of its own.
    '--use-service-account-credentials=true',
    '--kube-api-qps=200',
    '--kube-api-burst=400',
  ];
}

function componentArguments(kubeconfig: string): string[] {
  // Port 0: they serve nothing.
  return [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'];
}
