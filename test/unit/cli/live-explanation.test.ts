import { describe, expect, it } from 'vitest';
import { liveContainers, recordedReport, whyNotInjected } from '../../../src/cli/live-explanation.ts';
import type { Surroundings } from '../../../src/cli/live-explanation.ts';
import type { JsonObject } from '../../../src/pod/json.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';

const LABEL = 'media-stack/cloud-mounts';
const CREATED = '2026-01-02T00:00:00Z';
const webhook = {
  configuration: 'mounts',
  createdAt: '2026-01-01T00:00:00Z',
  failurePolicy: 'Fail',
  namespaceSelector: undefined,
};
const around: Surroundings = {
  settings: defaultSettings(),
  webhook: { outcome: 'found', webhook },
  namespaceLabels: {},
  workload: null,
};
const podOf = (metadata: JsonObject, spec: JsonObject = {}): JsonObject => ({
  metadata: { name: 'sonarr', creationTimestamp: CREATED, ...metadata },
  spec: { containers: [{ name: 'sonarr', image: 'sonarr:4' }], ...spec },
});
const labelled = (value = 'true'): JsonObject => ({ labels: { [LABEL]: value } });
const template = (value: string): JsonObject => ({ spec: { template: { metadata: labelled(value) } } });
const changedAt = (time: string): JsonObject => ({
  ...labelled(),
  managedFields: [
    { manager: 'kubectl-label', time, fieldsV1: { 'f:metadata': { 'f:labels': { [`f:${LABEL}`]: {} } } } },
  ],
});

describe('a pod was not injected because', () => {
  it.each<[string, JsonObject, Partial<Surroundings>]>([
    ['it has no label media-stack/cloud-mounts', podOf({}), {}],
    [
      'it was made before its template had the label; its workload has not replaced it yet',
      podOf({}),
      { workload: template('true') },
    ],
    [
      'the label stands on the workload and not on its pod template (MS501)',
      podOf({}),
      { workload: { metadata: labelled() } },
    ],
    ['the label media-stack/cloud-mounts is "false"', podOf(labelled('false')), {}],
    [
      'the pod runs on Windows, which has no FUSE mounts; take the label off',
      podOf(labelled(), { os: { name: 'windows' } }),
      {},
    ],
    [
      'its label was set at 2026-01-03T00:00:00Z by kubectl-label, after the pod was made (2026-01-02T00:00:00Z): only the creation is changed',
      podOf(changedAt('2026-01-03T00:00:00Z')),
      {},
    ],
    [
      'no webhook of media-stack is installed in this cluster',
      podOf(labelled()),
      { webhook: { outcome: 'absent' } },
    ],
    [
      'the webhook did not see it; you may not list MutatingWebhookConfigurations, so it is not known whether one is installed',
      podOf(labelled()),
      { webhook: { outcome: 'unknown' } },
    ],
    [
      'it is older (2026-01-02T00:00:00Z) than the webhook mounts (2026-01-05T00:00:00Z): delete the pod or restart the rollout',
      podOf(changedAt(CREATED)),
      { webhook: { outcome: 'found', webhook: { ...webhook, createdAt: '2026-01-05T00:00:00Z' } } },
    ],
    [
      'the namespaceSelector of the webhook mounts leaves its namespace out',
      podOf(labelled()),
      {
        webhook: {
          outcome: 'found',
          webhook: { ...webhook, namespaceSelector: { matchLabels: { media: 'yes' } } },
        },
      },
    ],
    [
      'the webhook mounts did not answer when it was made, and its failurePolicy is Ignore',
      podOf(labelled()),
      { webhook: { outcome: 'found', webhook: { ...webhook, failurePolicy: 'Ignore' } } },
    ],
    [
      'the webhook mounts is there and did not inject it: look at its log for the time 2026-01-02T00:00:00Z',
      podOf(labelled()),
      { namespaceLabels: null },
    ],
  ])('%s', (why, object, more) => {
    expect(whyNotInjected(object, object as unknown as Pod, { ...around, ...more })).toBe(why);
  });
});

describe('the status annotation of a pod', () => {
  const status = {
    version: '0.1.0',
    remotes: ['zurg'],
    added: {
      annotations: ['kubectl.kubernetes.io/default-container'],
      containers: ['rclone-zurg'],
      volumes: ['media-library'],
      volumeMounts: { sonarr: ['/mnt/media'] },
      preferredNodes: [['node2', 'node3']],
    },
  };
  const object = podOf(
    { annotations: { 'media-stack/status': JSON.stringify(status) } },
    { containers: [{ name: 'rclone-zurg' }, { name: 'sonarr' }, { name: 'istio-proxy' }] },
  );
  const pod = object as unknown as Pod;

  it('is told as decisions', () => {
    expect(recordedReport(pod)).toEqual({
      outcome: 'injected',
      remotes: ['zurg'],
      warnings: [],
      steps: [
        'added volume media-library',
        'mounted /mnt/media in sonarr',
        'added container rclone-zurg',
        'added annotation kubectl.kubernetes.io/default-container',
        'preferred the nodes node2, node3',
      ].map((what) => ({ what, why: 'media-stack/status of version 0.1.0' })),
    });
    expect(recordedReport(podOf({}) as unknown as Pod)).toBeNull();
  });

  it('tells whose each container is', () => {
    expect(liveContainers(pod, defaultSettings())).toEqual([
      { name: 'rclone-zurg', role: 'mount sidecar', whose: 'added by media-stack' },
      { name: 'sonarr', role: 'app', whose: 'written by hand' },
      { name: 'istio-proxy', role: 'other', whose: 'written by hand' },
    ]);
  });
});
