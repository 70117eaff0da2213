import { describe, expect, it } from 'vitest';
import { decodePod } from '../../../src/pod/decode-pod.ts';
import { judgeTemplate } from '../../../src/policy/judge.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { labelledPod } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';

const POD = { metadata: {}, spec: { containers: [{ name: 'a' }] } };
const withSpec = (spec: Fields) => ({ ...POD, spec: { ...POD.spec, ...spec } });
const withContainer = (fields: Fields) => withSpec({ containers: [{ name: 'a', ...fields }] });
const nodeAffinity = (fields: Fields) => withSpec({ affinity: { nodeAffinity: fields } });

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const required = (...nodeSelectorTerms: unknown[]) => nodeAffinity({ [REQUIRED]: { nodeSelectorTerms } });
const TERM = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms[0]`;

describe('what is no pod', () => {
  it.each<[unknown, string, string]>([
    [undefined, '', 'an object is missing here'],
    [null, '', 'must be an object, found null'],
    ['pod', '', 'must be an object, found "pod"'],
    [[], '', 'must be an object, found a list'],
    [{}, 'spec', 'an object is missing here'],
    [{ spec: null }, 'spec', 'must be an object, found null'],
    [{ spec: 'x' }, 'spec', 'must be an object, found "x"'],
    [{ spec: {} }, 'spec.containers', 'a list is missing here'],
    [withSpec({ containers: null }), 'spec.containers', 'a list is missing here'],
    [withSpec({ containers: {} }), 'spec.containers', 'must be a list, found an object'],
    [withSpec({ containers: 'sonarr' }), 'spec.containers', 'must be a list, found "sonarr"'],
    [withSpec({ containers: [null] }), 'spec.containers[0]', 'must be an object, found null'],
    [withSpec({ containers: [{}] }), 'spec.containers[0].name', 'a string is missing here'],
    [withContainer({ name: 5 }), 'spec.containers[0].name', 'must be a string, found 5'],
    [withContainer({ image: [] }), 'spec.containers[0].image', 'must be a string, found a list'],
    [withContainer({ command: 'sh' }), 'spec.containers[0].command', 'must be a list, found "sh"'],
    [withContainer({ args: ['a', 1] }), 'spec.containers[0].args[1]', 'must be a string, found 1'],
    [withContainer({ args: [null] }), 'spec.containers[0].args[0]', 'must be a string, found null'],
    [
      withContainer({ securityContext: true }),
      'spec.containers[0].securityContext',
      'must be an object, found true',
    ],
    [
      withContainer({ resources: { limits: [] } }),
      'spec.containers[0].resources.limits',
      'must be an object, found a list',
    ],
    [
      withContainer({ volumeMounts: {} }),
      'spec.containers[0].volumeMounts',
      'must be a list, found an object',
    ],
    [
      withContainer({ volumeMounts: [{ name: 'x' }] }),
      'spec.containers[0].volumeMounts[0].mountPath',
      'a string is missing here',
    ],
    [withSpec({ initContainers: {} }), 'spec.initContainers', 'must be a list, found an object'],
    [withSpec({ initContainers: [1] }), 'spec.initContainers[0]', 'must be an object, found 1'],
    [withSpec({ volumes: [{}] }), 'spec.volumes[0].name', 'a string is missing here'],
    [withSpec({ volumes: 'x' }), 'spec.volumes', 'must be a list, found "x"'],
    [withSpec({ nodeSelector: { zone: 1 } }), 'spec.nodeSelector.zone', 'must be a string, found 1'],
    [withSpec({ os: 'linux' }), 'spec.os', 'must be an object, found "linux"'],
    [withSpec({ resources: 1 }), 'spec.resources', 'must be an object, found 1'],
    [withSpec({ affinity: [] }), 'spec.affinity', 'must be an object, found a list'],
    [
      nodeAffinity({ [PREFERRED]: {} }),
      `spec.affinity.nodeAffinity.${PREFERRED}`,
      'must be a list, found an object',
    ],
    [required(5), TERM, 'must be an object, found 5'],
    [required({ matchExpressions: {} }), `${TERM}.matchExpressions`, 'must be a list, found an object'],
    [
      required({ matchExpressions: [{ key: 'a', operator: 'In', values: [1] }] }),
      `${TERM}.matchExpressions[0].values[0]`,
      'must be a string, found 1',
    ],
    [
      required({ matchFields: [{ operator: 'In' }] }),
      `${TERM}.matchFields[0].key`,
      'a string is missing here',
    ],
    [{ ...POD, metadata: [] }, 'metadata', 'must be an object, found a list'],
    [{ ...POD, metadata: { labels: 'x' } }, 'metadata.labels', 'must be an object, found "x"'],
    [
      { ...POD, metadata: { annotations: { 'a/b': 1 } } },
      'metadata.annotations[a/b]',
      'must be a string, found 1',
    ],
    [{ ...POD, metadata: { labels: { a: null } } }, 'metadata.labels.a', 'must be a string, found null'],
  ])('%j', (value, path, message) => {
    expect(decodePod(value)).toEqual({
      ok: false,
      problems: [
        {
          code: 'pod-shape',
          level: 'deny',
          path,
          message,
          hint: 'See kubectl explain pod for the fields of a pod.',
        },
      ],
    });
  });

  it('is told of every place at once', () => {
    const decoded = decodePod({ metadata: 1, spec: { containers: [{}], volumes: 2 } });
    expect(decoded.ok ? [] : decoded.problems.map(({ path }) => path)).toEqual([
      'metadata',
      'spec.containers[0].name',
      'spec.volumes',
    ]);
  });
});

describe('a pod', () => {
  it.each([
    POD,
    { spec: { containers: [] } },
    {
      metadata: null,
      spec: { containers: [{ name: 'a' }], initContainers: null, volumes: null, affinity: null },
    },
    { ...POD, metadata: { labels: null, annotations: null, ownerReferences: 'x' } },
    withContainer({ command: null, args: null, securityContext: null, resources: null, volumeMounts: null }),
    withContainer({ resources: { limits: { cpu: 1, memory: null } }, env: 'never looked at' }),
    nodeAffinity({ [REQUIRED]: null, [PREFERRED]: null }),
    required({ matchExpressions: null, matchFields: null }),
    withSpec({ unknown: { deep: [1, { x: null }] } }),
  ])('is taken as it is, null for absent: %j', (value) => {
    const decoded = decodePod(value);
    expect(decoded).toEqual({ ok: true, pod: value });
    expect(decoded.ok && decoded.pod).toBe(value);
  });

  // What decodePod lets pass, the rules and the engine must be able to read.
  it.each<[string, Fields]>([
    ['a required node selector term of null', required(null).spec],
    ['a preferred term without a preference', nodeAffinity({ [PREFERRED]: [{ weight: 1 }] }).spec],
    ['a preference of null', nodeAffinity({ [PREFERRED]: [{ weight: 1, preference: null }] }).spec],
    [
      'items of null in a Secret',
      { volumes: [{ name: 'c', secret: { secretName: 'rclone-config', items: [null] } }] },
    ],
    [
      'items of text in a Secret',
      { volumes: [{ name: 'c', secret: { secretName: 'rclone-config', items: ['x'] } }] },
    ],
    ['a claim that is a text', { volumes: [{ name: 'media', persistentVolumeClaim: 'media-library-pvc' }] }],
    ['fields of other types', { nodeName: 5, hostUsers: 'false', runtimeClassName: {}, os: { name: 1 } }],
    ['owners that are no list', {}],
  ])('%s breaks nothing further on', (_name, spec) => {
    const pod = { ...labelledPod(spec), metadata: { ...labelledPod().metadata, ownerReferences: [null, 1] } };
    const decoded = decodePod(pod);
    const settings = { ...defaultSettings(), preferredNodes: ['a'] };
    expect(decoded.ok ? judgeTemplate({ pod: decoded.pod, settings }).judged : true).toBe(true);
  });
});

describe('names that stand twice', () => {
  it.each<[string, Fields, string]>([
    ['containers', { containers: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] }, 'spec.containers[2].name'],
    [
      'a container and an init container',
      { initContainers: [{ name: 'a' }], containers: [{ name: 'a' }] },
      'spec.containers[0].name',
    ],
    ['volumes', { volumes: [{ name: 'v' }, { name: 'v' }] }, 'spec.volumes[1].name'],
  ])('are refused at the second place: %s', (_name, spec, path) => {
    const decoded = decodePod(withSpec(spec));
    expect(decoded).toMatchObject({ ok: false, problems: [{ level: 'deny', path }] });
    expect(decoded.ok ? [] : decoded.problems).toHaveLength(1);
  });

  it('are no matter between a volume and a container, or when one is called __proto__', () => {
    const spec = { containers: [{ name: 'a' }, { name: '__proto__' }], volumes: [{ name: 'a' }] };
    expect(decodePod(withSpec(spec)).ok).toBe(true);
  });
});
