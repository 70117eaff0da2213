// The types of core/v1 Pod as far as this project's patches reach: the API server decodes a patched object into its
// Go type, refuses a wrong type and drops a field it does not know without a word (apiserver mutating/dispatcher.go).

type Shape =
  | 'text'
  | 'number'
  | 'boolean'
  | 'quantity'
  | 'any'
  | readonly [Shape]
  | { readonly [field: string]: Shape };

const texts: Shape = ['text'];
// Maps of texts or quantities: any key, one type.
const mapOf = (value: Shape): Shape => ({ '*': value });
const action: Shape = {
  exec: { command: texts },
  httpGet: 'any',
  tcpSocket: 'any',
  grpc: 'any',
  sleep: { seconds: 'number' },
};
const probe: Shape = {
  ...(action as object),
  initialDelaySeconds: 'number',
  timeoutSeconds: 'number',
  periodSeconds: 'number',
  successThreshold: 'number',
  failureThreshold: 'number',
  terminationGracePeriodSeconds: 'number',
};
const resources: Shape = { requests: mapOf('quantity'), limits: mapOf('quantity'), claims: 'any' };
const container: Shape = {
  name: 'text',
  image: 'text',
  command: texts,
  args: texts,
  workingDir: 'text',
  ports: 'any',
  envFrom: 'any',
  env: [{ name: 'text', value: 'text', valueFrom: 'any' }],
  resources,
  resizePolicy: 'any',
  restartPolicy: 'text',
  restartPolicyRules: 'any',
  volumeMounts: [
    {
      name: 'text',
      readOnly: 'boolean',
      recursiveReadOnly: 'text',
      mountPath: 'text',
      subPath: 'text',
      mountPropagation: 'text',
      subPathExpr: 'text',
    },
  ],
  volumeDevices: 'any',
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: { postStart: action, preStop: action, stopSignal: 'text' },
  terminationMessagePath: 'text',
  terminationMessagePolicy: 'text',
  imagePullPolicy: 'text',
  securityContext: {
    capabilities: 'any',
    privileged: 'boolean',
    seLinuxOptions: 'any',
    windowsOptions: 'any',
    runAsUser: 'number',
    runAsGroup: 'number',
    runAsNonRoot: 'boolean',
    readOnlyRootFilesystem: 'boolean',
    allowPrivilegeEscalation: 'boolean',
    procMount: 'text',
    seccompProfile: 'any',
    appArmorProfile: 'any',
  },
  stdin: 'boolean',
  stdinOnce: 'boolean',
  tty: 'boolean',
};
const expressions: Shape = [{ key: 'text', operator: 'text', values: texts }];
const nodeTerm: Shape = { matchExpressions: expressions, matchFields: expressions };
const items: Shape = [{ key: 'text', path: 'text', mode: 'number' }];
const knownSources: Shape = {
  emptyDir: { medium: 'text', sizeLimit: 'quantity' },
  secret: { secretName: 'text', items, defaultMode: 'number', optional: 'boolean' },
  configMap: { name: 'text', items, defaultMode: 'number', optional: 'boolean' },
  persistentVolumeClaim: { claimName: 'text', readOnly: 'boolean' },
  hostPath: { path: 'text', type: 'text' },
  nfs: { server: 'text', path: 'text', readOnly: 'boolean' },
};
const otherSources: Shape = Object.fromEntries(
  [
    'csi',
    'ephemeral',
    'projected',
    'downwardAPI',
    'iscsi',
    'cephfs',
    'fc',
    'flexVolume',
    'image',
    'glusterfs',
    'rbd',
  ].map((source) => [source, 'any']),
) as Shape;
const POD: Shape = {
  apiVersion: 'text',
  kind: 'text',
  metadata: { '*': 'any', name: 'text', labels: mapOf('text'), annotations: mapOf('text') },
  status: 'any',
  spec: {
    '*': 'any',
    containers: [container],
    initContainers: [container],
    volumes: [{ name: 'text', ...(knownSources as object), ...(otherSources as object) }],
    resources,
    hostUsers: 'boolean',
    affinity: {
      podAffinity: 'any',
      podAntiAffinity: 'any',
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [nodeTerm] },
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 'number', preference: nodeTerm }],
      },
    },
  },
};

export interface DecodedPod {
  /** `spec.volumes is a text, a list is expected`; the API server would refuse the object. */
  readonly typeErrors: readonly string[];
  /** Paths the API server would drop. */
  readonly unknownFields: readonly string[];
}

/** Holds a pod against its types. */
export function decodePodTypes(pod: unknown): DecodedPod {
  const typeErrors: string[] = [];
  const unknownFields: string[] = [];
  walk(pod, POD, '');
  return { typeErrors, unknownFields };

  function walk(value: unknown, shape: Shape, path: string): void {
    // null is "absent" to Go's decoder, whatever the type.
    if (shape === 'any' || value === null || value === undefined) return;
    if (typeof shape === 'string') {
      if (!hasType(value, shape))
        typeErrors.push(`${path} is ${JSON.stringify(value)}, a ${shape} is expected`);
    } else if (Array.isArray(shape)) {
      if (Array.isArray(value))
        value.forEach((item, index) => walk(item, shape[0] as Shape, `${path}[${index}]`));
      else typeErrors.push(`${path} is ${JSON.stringify(value)}, a list is expected`);
    } else if (typeof value !== 'object' || Array.isArray(value)) {
      typeErrors.push(`${path} is ${JSON.stringify(value)}, an object is expected`);
    } else {
      const fields = shape as Readonly<Record<string, Shape>>;
      for (const [key, item] of Object.entries(value)) {
        const at = path === '' ? key : `${path}.${key}`;
        const field = Object.hasOwn(fields, key) ? fields[key] : fields['*'];
        if (field === undefined) unknownFields.push(at);
        else walk(item, field, at);
      }
    }
  }
}

function hasType(value: unknown, type: 'text' | 'number' | 'boolean' | 'quantity'): boolean {
  if (type === 'quantity') return typeof value === 'number' || typeof value === 'string';
  return typeof value === (type === 'text' ? 'string' : type);
}
