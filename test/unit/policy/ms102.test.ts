import { describe, expect, it } from 'vitest';
import { injected, labelledPod, settingsOf } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const affinity = (...nodeSelectorTerms: unknown[]) => ({
  affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms } } },
});
const hostname = (operator: string, ...values: string[]) => ({
  key: 'kubernetes.io/hostname',
  operator,
  values,
});
const nodeNamed = (operator: string, ...values: string[]) => ({ key: 'metadata.name', operator, values });
const pinned = (place: string, found: string) => ({
  code: 'MS102',
  level: 'deny',
  path: `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms${place}`,
  message: `required node affinity pins the pod: ${found}`,
  hint: 'Make it preferredDuringSchedulingIgnoredDuringExecution (weight 100), or remove it and list the nodes under preferredNodes in the settings.',
});
const controlledBy = (kind: string) => ({ ownerReferences: [{ kind, name: 'x', controller: true }] });

describe('MS102 says nothing', () => {
  it.each([
    {},
    { podAffinity: {} },
    { nodeAffinity: null },
    { nodeAffinity: { [REQUIRED]: null } },
    { nodeAffinity: { [REQUIRED]: {} } },
  ])('of the affinity %j', (affinity) => {
    expect(problemsOfTemplate(labelledPod({ affinity }))).toEqual([]);
  });
});

describe('MS102 refuses', () => {
  it.each([
    [
      'In on host names',
      [{ matchExpressions: [hostname('In', 'node2', 'node3')] }],
      [pinned('[0].matchExpressions[0]', 'kubernetes.io/hostname In [node2, node3]')],
    ],
    [
      'In on the name of the node',
      [{ matchFields: [nodeNamed('In', 'node2')] }],
      [pinned('[0].matchFields[0]', 'metadata.name In [node2]')],
    ],
    [
      'each place of several',
      [
        { matchExpressions: [{ key: 'gpu', operator: 'Exists' }, hostname('In', 'a')] },
        { matchExpressions: [hostname('In', 'b')], matchFields: [nodeNamed('In', 'c')] },
      ],
      [
        pinned('[0].matchExpressions[1]', 'kubernetes.io/hostname In [a]'),
        pinned('[1].matchExpressions[0]', 'kubernetes.io/hostname In [b]'),
        pinned('[1].matchFields[0]', 'metadata.name In [c]'),
      ],
    ],
  ])('%s', (_name, terms, problems) => {
    expect(problemsOfTemplate(labelledPod(affinity(...terms)))).toEqual(problems);
  });

  it('In on a key that the settings name', () => {
    const settings = settingsOf('policy: { nodeSelectorKeys: [rack] }');
    const pod = labelledPod(
      affinity({ matchExpressions: [{ key: 'rack', operator: 'In', values: ['r1'] }, hostname('In', 'a')] }),
    );
    expect(problemsOfTemplate(pod, { settings })).toEqual([
      pinned('[0].matchExpressions[0]', 'rack In [r1]'),
    ]);
  });
});

describe('MS102 lets be', () => {
  it.each([
    ['NotIn on host names', [{ matchExpressions: [hostname('NotIn', 'node2')] }]],
    ['NotIn on the name of the node', [{ matchFields: [nodeNamed('NotIn', 'node2')] }]],
    [
      'any node that has a host name',
      [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'Exists' }] }],
    ],
    [
      'In on a key of many nodes',
      [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['west'] }] }],
    ],
    ['a key metadata.name among the labels', [{ matchExpressions: [nodeNamed('In', 'node2')] }]],
    ['a term with nothing in it', [{}]],
  ])('%s', (_name, terms) => {
    expect(problemsOfTemplate(labelledPod(affinity(...terms)))).toEqual([]);
  });

  it('a preference for host names', () => {
    const preferred = [{ weight: 1, preference: { matchExpressions: [hostname('In', 'node2')] } }];
    const pod = labelledPod({
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } },
    });
    expect(problemsOfTemplate(pod)).toEqual([]);
  });
});

describe('MS102 and what binds the pods of a DaemonSet', () => {
  const bound = affinity({ matchFields: [nodeNamed('In', 'node2')] });

  it('lets the node be that the DaemonSet controller wrote', () => {
    expect(problemsOfPod(injected(labelledPod(bound, undefined, controlledBy('DaemonSet'))))).toEqual([]);
  });

  it.each([
    ['a ReplicaSet', controlledBy('ReplicaSet')],
    ['nobody', {}],
    ['a DaemonSet that does not control it', { ownerReferences: [{ kind: 'DaemonSet', name: 'x' }] }],
  ])('refuses it on a pod of %s', (_name, metadata) => {
    expect(problemsOfPod(injected(labelledPod(bound, undefined, metadata)))).toEqual([
      pinned('[0].matchFields[0]', 'metadata.name In [node2]'),
    ]);
  });

  it('refuses host names of its author on such a pod', () => {
    const both = affinity({
      matchExpressions: [hostname('In', 'node2')],
      matchFields: [nodeNamed('In', 'node2')],
    });
    expect(problemsOfPod(injected(labelledPod(both, undefined, controlledBy('DaemonSet'))))).toEqual([
      pinned('[0].matchExpressions[0]', 'kubernetes.io/hostname In [node2]'),
    ]);
  });
});
