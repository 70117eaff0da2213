import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findWorkloads } from '../../../src/workload/template.ts';

const pod = { metadata: { labels: { a: 'b' } }, spec: { containers: [] } };

test.each([
  ['Pod', 'v1', [], { metadata: { name: 'x' }, spec: pod.spec }],
  ['PodTemplate', 'v1', ['template'], { metadata: { name: 'x' }, template: pod }],
  ['ReplicationController', 'v1', ['spec', 'template'], { metadata: { name: 'x' }, spec: { template: pod } }],
  ['Deployment', 'apps/v1', ['spec', 'template'], { metadata: { name: 'x' }, spec: { template: pod } }],
  ['StatefulSet', 'apps/v1', ['spec', 'template'], { metadata: { name: 'x' }, spec: { template: pod } }],
  ['DaemonSet', 'apps/v1', ['spec', 'template'], { metadata: { name: 'x' }, spec: { template: pod } }],
  ['ReplicaSet', 'apps/v1', ['spec', 'template'], { metadata: { name: 'x' }, spec: { template: pod } }],
  ['Job', 'batch/v1', ['spec', 'template'], { metadata: { name: 'x' }, spec: { template: pod } }],
  [
    'CronJob',
    'batch/v1',
    ['spec', 'jobTemplate', 'spec', 'template'],
    { metadata: { name: 'x' }, spec: { jobTemplate: { spec: { template: pod } } } },
  ],
])('finds the pod template of a %s', (kind, apiVersion, templatePath, rest) => {
  const object = { kind, apiVersion, ...rest };
  expect(findWorkloads(object)).toEqual([
    {
      kind,
      apiVersion,
      name: 'x',
      namespace: undefined,
      path: [],
      templatePath,
      claimTemplates: [],
      object,
      podLike: kind === 'Pod' ? object : pod,
    },
  ]);
});

test.each([
  [
    'a DeploymentConfig of OpenShift',
    { kind: 'DeploymentConfig', apiVersion: 'apps.openshift.io/v1', spec: { template: pod } },
  ],
  [
    'a Deployment of another group',
    { kind: 'Deployment', apiVersion: 'example.com/v1', spec: { template: pod } },
  ],
  [
    'a Service of Knative',
    { kind: 'Service', apiVersion: 'serving.knative.dev/v1', spec: { template: pod } },
  ],
  ['a Pod of another group', { kind: 'Pod', apiVersion: 'apps/v1', spec: {} }],
  ['an object without apiVersion', { kind: 'Pod', spec: {} }],
  ['a ConfigMap', { kind: 'ConfigMap', apiVersion: 'v1', data: {} }],
])('does not take %s for a workload', (_name, object) => {
  expect(findWorkloads(object)).toEqual([]);
});

test('finds the items of a List, and those of a typed list that carry no kind', () => {
  const list = {
    kind: 'List',
    apiVersion: 'v1',
    items: [
      { kind: 'ConfigMap', apiVersion: 'v1' },
      null,
      { kind: 'Job', apiVersion: 'batch/v1', metadata: { generateName: 'run-', namespace: 'media' } },
      {
        kind: 'DeploymentList',
        apiVersion: 'apps/v1',
        items: [{ metadata: { name: 'd' }, spec: { template: pod } }],
      },
    ],
  };
  expect(
    findWorkloads(list).map(({ kind, apiVersion, name, namespace, path, podLike }) => ({
      kind,
      apiVersion,
      name,
      namespace,
      path,
      podLike,
    })),
  ).toEqual([
    {
      kind: 'Job',
      apiVersion: 'batch/v1',
      name: 'run-*',
      namespace: 'media',
      path: ['items', 2],
      podLike: undefined,
    },
    {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      name: 'd',
      namespace: undefined,
      path: ['items', 3, 'items', 0],
      podLike: pod,
    },
  ]);
});

test('names the claim templates of a StatefulSet', () => {
  const [workload] = findWorkloads({
    kind: 'StatefulSet',
    apiVersion: 'apps/v1',
    spec: {
      volumeClaimTemplates: [
        { metadata: {} },
        { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } },
      ],
    },
  });
  expect(workload?.claimTemplates).toEqual([
    { name: 'data', path: ['spec', 'volumeClaimTemplates', 1], spec: { accessModes: ['ReadWriteOnce'] } },
  ]);
});

test('never throws, whatever the input', () => {
  const kinds = fc.constantFrom<unknown>('Pod', 'List', 'StatefulSet', 'CronJob', 'DeploymentList', 7);
  const groups = fc.constantFrom<unknown>('v1', 'apps/v1', 'batch/v1', null);
  fc.assert(
    fc.property(fc.anything(), kinds, groups, (anything, kind, apiVersion) => {
      for (const value of [
        anything,
        { kind, apiVersion, metadata: anything, spec: anything, items: [anything] },
      ]) {
        expect(Array.isArray(findWorkloads(value))).toBe(true);
      }
    }),
  );
});
