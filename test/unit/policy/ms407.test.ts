import { describe, expect, it } from 'vitest';
import {
  app,
  handInitDirs,
  handSidecar,
  labelledPod,
  MEDIA_MOUNT,
  podOf,
  settingsOf,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const settings = settingsOf(
  'remotes: [{ name: zurg, secret: rclone-zurg-config }]\npreferredNodes: [node2, node3]',
);
const SEEING = app({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }] });
const HAND = { initContainers: [handInitDirs(), handSidecar('zurg')], containers: [SEEING] };
const problem = {
  code: 'MS407',
  level: 'warn',
  path: 'spec.affinity',
  message: 'no preferred node affinity for node2, node3',
  hint: 'Label the pod template and let the webhook add it, or write a preferred node affinity (weight 100) for them.',
};
const preferring = (values: string[]): Fields => ({
  nodeAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 50,
        preference: { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }] },
      },
    ],
  },
});

describe('MS407', () => {
  it('warns in lint of hand-written sidecars without the preference', () => {
    expect(problemsOfTemplate(podOf(HAND), { settings, use: 'lint' })).toEqual([problem]);
  });

  it('warns of a preference for other nodes', () => {
    const pod = podOf({ ...HAND, affinity: preferring(['node2']) });
    expect(problemsOfTemplate(pod, { settings, use: 'lint' })).toEqual([problem]);
  });

  it('says nothing at admission, where an old pod must not be nagged about', () => {
    expect(problemsOfPod(labelledPod(HAND), { settings })).toEqual([]);
  });

  it('lets a labelled template be, which gets the preference', () => {
    expect(problemsOfTemplate(labelledPod(), { settings, use: 'lint' })).toEqual([]);
  });

  it('lets a pod be that has the preference, in any order', () => {
    const pod = podOf({ ...HAND, affinity: preferring(['node3', 'node2']) });
    expect(problemsOfTemplate(pod, { settings, use: 'lint' })).toEqual([]);
  });

  it('lets everything be where the settings name no nodes', () => {
    const none = settingsOf('remotes: [{ name: zurg, secret: rclone-zurg-config }]');
    expect(problemsOfTemplate(podOf(HAND), { settings: none, use: 'lint' })).toEqual([]);
  });

  it('lets a labelled pod without sidecars be', () => {
    expect(problemsOfTemplate(labelledPod({ containers: [] }), { settings, use: 'lint' })).toEqual([]);
  });
});
