import { describe, expect, it } from 'vitest';
import { labelledPod, settingsOf } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const PINNED = {
  code: 'MS101',
  level: 'deny',
  path: 'spec.nodeSelector[kubernetes.io/hostname]',
  message: 'nodeSelector kubernetes.io/hostname pins the pod to "node2"',
  hint: 'Remove it. To prefer nodes without requiring them, list them under preferredNodes in the settings or write a preferred node affinity.',
};
const ON_NODE2 = labelledPod({ nodeSelector: { 'kubernetes.io/hostname': 'node2' } });

describe('MS101', () => {
  it('refuses a template that selects one node by its host name', () => {
    expect(problemsOfTemplate(ON_NODE2)).toEqual([PINNED]);
  });

  it('refuses a pod that does the same, even where another one made its mounts', () => {
    expect(problemsOfPod(ON_NODE2).filter(({ code }) => code === 'MS101')).toEqual([PINNED]);
  });

  it('lets a selector of many nodes be', () => {
    expect(
      problemsOfTemplate(labelledPod({ nodeSelector: { 'kubernetes.io/arch': 'amd64', zone: 'west' } })),
    ).toEqual([]);
  });

  it.each([{}, { nodeSelector: null }, { nodeSelector: {} }])(
    'lets a pod without a selector be: %j',
    (spec) => {
      expect(problemsOfTemplate(labelledPod(spec))).toEqual([]);
    },
  );

  it('takes the keys that pin from the settings', () => {
    const settings = settingsOf('policy: { nodeSelectorKeys: [machine, rack] }');
    const pod = labelledPod({
      nodeSelector: { rack: 'r1', machine: 'm1', 'kubernetes.io/hostname': 'node2' },
    });
    expect(problemsOfTemplate(pod, { settings })).toEqual([
      { ...PINNED, path: 'spec.nodeSelector.machine', message: 'nodeSelector machine pins the pod to "m1"' },
      { ...PINNED, path: 'spec.nodeSelector.rack', message: 'nodeSelector rack pins the pod to "r1"' },
    ]);
  });
});
