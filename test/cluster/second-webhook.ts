// Another mutating webhook in the cluster, called before ours or behind it (the API server goes by the names of the
// configurations), which does to a pod what meshes and policies do. A label on the pod says what.
import { startAdmissionServer } from './admission-server.ts';
import type { Kubectl, KubeObject } from './kubectl.ts';
import { waitUntil } from './wait-until.ts';
import type { WebhookAddress } from './webhook.ts';

/** The name of a mutation below, with `before-` or `after-` before it. */
export const SECOND_WEBHOOK_LABEL = 'second-webhook';

type Mutation = (spec: KubeObject) => KubeObject;

const HELPER = { name: 'helper', image: 'registry.test/helper:1' };
const READER = {
  name: 'reader',
  image: 'registry.test/reader:1',
  volumeMounts: [{ name: 'media', mountPath: '/mnt/media' }],
};
const PROXY = { name: 'istio-proxy', image: 'registry.test/proxyv2:1' };
const MESH_INIT = { name: 'istio-init', image: 'registry.test/proxyv2:1' };

/** Each one changes nothing when it sees its own work, as `reinvocationPolicy: IfNeeded` asks for. */
export const MUTATIONS = {
  prepends: (spec) => ({ ...spec, containers: prepended(spec['containers'], HELPER) }),
  reverses: (spec) => ({ ...spec, containers: sorted(spec['containers']).toReversed() }),
  'adds-a-reader': (spec) => ({ ...spec, containers: appended(spec['containers'], READER) }),
  'adds-a-proxy': (spec) => ({
    ...spec,
    initContainers: prepended(spec['initContainers'], MESH_INIT),
    containers: appended(spec['containers'], PROXY),
  }),
  'adds-a-native-proxy': (spec) => ({
    ...spec,
    initContainers: prepended(spec['initContainers'], MESH_INIT, { ...PROXY, restartPolicy: 'Always' }),
  }),
  'reverses-init': (spec) => ({ ...spec, initContainers: sorted(spec['initContainers']).toReversed() }),
  'strips-restart-policy': (spec) => ({
    ...spec,
    initContainers: list(spec['initContainers']).map((container) => omit(container, ['restartPolicy'])),
  }),
  'strips-restart-policy-and-probes': (spec) => ({
    ...spec,
    initContainers: list(spec['initContainers']).map((container) =>
      omit(container, ['restartPolicy', 'startupProbe', 'livenessProbe']),
    ),
  }),
  'strips-restart-policy-of-init-dirs': (spec) => ({
    ...spec,
    initContainers: list(spec['initContainers']).map((container) =>
      container['name'] === 'init-dirs' ? omit(container, ['restartPolicy', 'startupProbe']) : container,
    ),
  }),
  'removes-a-sidecar': (spec) => ({
    ...spec,
    initContainers: list(spec['initContainers']).filter(({ name }) => name !== 'rclone-zurg'),
  }),
} as const satisfies Readonly<Record<string, Mutation>>;

/** The API server calls every other one again when ours changes something after it. */
const CALLED_ONCE: readonly string[] = ['removes-a-sidecar'];

export type MutationName = keyof typeof MUTATIONS;

/** Where its configurations stand in the order of names, with `media-stack` between them. */
const POSITIONS = { before: 'a-second-webhook', after: 'z-second-webhook' } as const;

export interface SecondWebhook {
  /** Takes the configurations back and ends the server. */
  stop(): Promise<void>;
}

/** Resolves when the API server calls both configurations. */
export async function startSecondWebhook(kubectl: Kubectl, address: WebhookAddress): Promise<SecondWebhook> {
  const server = await startAdmissionServer(address, (path, object) => {
    const spec = object['spec'] as KubeObject;
    const mutation: Mutation | undefined = MUTATIONS[path.slice(1) as MutationName];
    const changed = mutation?.(spec) ?? { ...spec, terminationGracePeriodSeconds: 77 };
    return JSON.stringify(changed) === JSON.stringify(spec) ? object : { ...object, spec: changed };
  });
  const stop = async (): Promise<void> => {
    const names = Object.values(POSITIONS).map((name) => `mutatingwebhookconfiguration/${name}`);
    await kubectl.run(['delete', '--ignore-not-found', ...names]).catch(() => {}); // The API server may be gone.
    await server.stop();
  };
  const caBundle = Buffer.from(server.caPem).toString('base64');
  for (const [position, name] of Object.entries(POSITIONS)) {
    const webhooks = [...Object.keys(MUTATIONS), 'probe'].map((mutation) => ({
      name: `${mutation}.${name}.test`,
      clientConfig: { url: `${server.url}/${mutation}`, caBundle },
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      objectSelector: { matchLabels: { [SECOND_WEBHOOK_LABEL]: `${position}-${mutation}` } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
      reinvocationPolicy: CALLED_ONCE.includes(mutation) ? 'Never' : 'IfNeeded',
    }));
    const apiVersion = 'admissionregistration.k8s.io/v1';
    await kubectl.create({ apiVersion, kind: 'MutatingWebhookConfiguration', metadata: { name }, webhooks });
    await waitUntil(`the API server to call ${name}`, () => isCalled(kubectl, position), {
      timeoutMs: 30_000,
    });
  }
  return { stop };
}

async function isCalled(kubectl: Kubectl, position: string): Promise<boolean> {
  const labels = { [SECOND_WEBHOOK_LABEL]: `${position}-probe` };
  const metadata = { name: 'probe', namespace: 'default', labels };
  const spec = { containers: [HELPER] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
  const answered = await kubectl.create(pod, '--dry-run=server');
  return answered['spec']['terminationGracePeriodSeconds'] === 77;
}

function list(containers: unknown): KubeObject[] {
  return (containers ?? []) as KubeObject[];
}

function prepended(containers: unknown, ...more: readonly KubeObject[]): KubeObject[] {
  return [...missing(containers, more), ...list(containers)];
}

function appended(containers: unknown, ...more: readonly KubeObject[]): KubeObject[] {
  return [...list(containers), ...missing(containers, more)];
}

function missing(containers: unknown, wanted: readonly KubeObject[]): KubeObject[] {
  return wanted.filter((one) => list(containers).every(({ name }) => name !== one['name']));
}

function omit(container: KubeObject, keys: readonly string[]): KubeObject {
  return Object.fromEntries(Object.entries(container).filter(([key]) => !keys.includes(key)));
}

function sorted(containers: unknown): KubeObject[] {
  return list(containers).toSorted((one, other) => (one['name'] < other['name'] ? -1 : 1));
}
