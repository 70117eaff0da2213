// Facts of a pod for the tests of the checks: all is well, and each test says what is otherwise.
import { diagnose } from '../../../src/diagnose/diagnose.ts';
import type { Facts } from '../../../src/diagnose/facts.ts';
import type { CheckResult } from '../../../src/diagnose/finding.ts';
import { known } from '../../../src/diagnose/known.ts';
import { describeSubject } from '../../../src/diagnose/subject.ts';
import type { SubjectInput } from '../../../src/diagnose/subject.ts';
import { applyAndCheck } from '../../../src/inject/apply-and-check.ts';
import { decide } from '../../../src/inject/decide.ts';
import type { JsonObject } from '../../../src/pod/json.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';

export const LABELLED: JsonObject = {
  metadata: {
    name: 'sonarr-1',
    namespace: 'media',
    uid: 'u1',
    labels: { 'media-stack/cloud-mounts': 'true', app: 'sonarr' },
  },
  spec: {
    nodeName: 'node1',
    containers: [
      { name: 'sonarr', image: 'sonarr:4', volumeMounts: [{ name: 'media', mountPath: '/mnt/media' }] },
    ],
    volumes: [{ name: 'media', persistentVolumeClaim: { claimName: 'media-library-pvc' } }],
  },
};

/** A pod with one sidecar for zurg, written by hand. */
export function handWritten(parts: {
  readonly app?: JsonObject;
  readonly sidecar?: JsonObject;
  readonly sidecarMount?: JsonObject;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}): JsonObject {
  return {
    metadata: { name: 'sonarr-1', namespace: 'media', uid: 'u1', labels: { app: 'sonarr' } },
    spec: {
      nodeName: 'node1',
      initContainers: [
        {
          name: 'init-dirs',
          image: 'alpine:3',
          command: ['mkdir', '-p', '/mnt/media/zurg'],
          volumeMounts: [{ name: 'media', mountPath: '/mnt/media' }],
        },
      ],
      containers: [
        {
          name: 'rclone-zurg',
          image: 'rclone/rclone:1.75.1',
          args: [
            'mount',
            'zurg:',
            '/mnt/media/zurg',
            '--config=/config/rclone/rclone.conf',
            '--allow-other',
            '--read-only',
          ],
          securityContext: { privileged: true },
          resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '500m', memory: '1Gi' } },
          volumeMounts: [
            {
              name: 'media',
              mountPath: '/mnt/media',
              mountPropagation: 'Bidirectional',
              ...parts.sidecarMount,
            },
            { name: 'config', mountPath: '/config/rclone', readOnly: true },
          ],
          ...parts.sidecar,
        },
        {
          name: 'sonarr',
          image: 'sonarr:4',
          volumeMounts: [
            { name: 'media', mountPath: '/mnt/media', mountPropagation: 'HostToContainer', ...parts.app },
          ],
        },
      ],
      volumes: [
        { name: 'media', persistentVolumeClaim: { claimName: 'media-library-pvc' } },
        { name: 'config', secret: { secretName: 'rclone-zurg-config' } },
      ],
      ...parts.spec,
    },
    status: parts.status ?? running('init-dirs', 'rclone-zurg', 'sonarr'),
  };
}

/** The status of a pod in which these containers run. */
export function running(...names: readonly string[]): JsonObject {
  return {
    phase: 'Running',
    containerStatuses: names.map((name) => ({
      name,
      restartCount: 0,
      state: { running: {} },
      lastState: {},
    })),
  };
}

/** A labelled pod as the webhook makes it; all its containers run. */
export function injected(object: JsonObject = LABELLED): JsonObject {
  const pod = structuredClone(object) as unknown as Pod;
  const applied = applyAndCheck(pod, decide({ pod, settings: defaultSettings() }), {
    settings: defaultSettings(),
  });
  if (!applied.ok) throw new Error(applied.reason);
  return {
    ...(applied.pod as unknown as JsonObject),
    status: running('init-dirs', 'rclone-zurg', 'rclone-torbox', 'sonarr'),
  };
}

export type FactsOf = Partial<Omit<Facts, 'subject'>> & {
  readonly object?: JsonObject;
  readonly subject?: Partial<SubjectInput>;
};

/** Everything is there and fine unless it is said otherwise. */
export function someFacts({ object = injected(), subject, ...facts }: FactsOf = {}): Facts {
  const nothing = { state: 'not_asked', why: 'not of this test' } as const;
  return {
    subject: describeSubject({
      namespace: 'media',
      name: 'sonarr-1',
      origin: 'pod',
      pod: object as unknown as Pod,
      object,
      workload: 'deployment/sonarr',
      settings: defaultSettings(),
      ...subject,
    }),
    now: 1_800_000_000,
    workload: known({ metadata: { name: 'sonarr' } }),
    events: known([]),
    logs: [],
    mounts: nothing,
    sidecars: {},
    links: nothing,
    secrets: {},
    claim: known({ spec: { accessModes: ['ReadWriteMany'] }, status: { phase: 'Bound' } }),
    volume: known({ spec: { nfs: {} } }),
    limitRanges: known([]),
    namespace: known({ metadata: { name: 'media', labels: { 'kubernetes.io/metadata.name': 'media' } } }),
    nodes: known([node('node1')]),
    neighbours: known([]),
    mutating: known([]),
    validating: known([]),
    endpoints: {},
    bundles: {},
    admission: known({ outcome: 'admitted', injected: true }),
    privilegedScc: null,
    ...facts,
  };
}

export function node(name: string, kubeletVersion = 'v1.36.3', ready = 'True'): JsonObject {
  return {
    metadata: { name },
    status: { nodeInfo: { kubeletVersion }, conditions: [{ type: 'Ready', status: ready, message: 'why' }] },
  };
}

/** The result of one check; undefined where it has nothing to look at. */
export function runCheck(id: string, facts: FactsOf = {}): CheckResult | undefined {
  return diagnose(someFacts(facts), [id])[0];
}

/** `level code` of each finding. */
export function codesOf(result: CheckResult | undefined): string[] {
  return (result?.findings ?? []).map(({ level, code }) => `${level} ${code}`);
}
