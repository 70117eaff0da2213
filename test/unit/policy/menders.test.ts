// The operations of each mender. What becomes of the text, and that a mend is judged, is in
// test/unit/cli/mend-manifests.test.ts.
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/policy/catalogue.ts';
import { MENDERS } from '../../../src/policy/menders.ts';
import type { JsonObject } from '../../../src/pod/json.ts';
import type { Operation } from '../../../src/pod/json-patch.ts';
import { parseFieldPath } from '../../../src/problem/field-path.ts';

const LABEL = 'media-stack/cloud-mounts';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const TEMPLATE = ['spec', 'template'];

/** What the mender of a rule gives for a finding at a path of the object. */
function mend(
  code: string,
  object: JsonObject,
  path: string,
  templatePath: readonly string[] = [],
): readonly Operation[] | null {
  const mender = MENDERS.get(code);
  if (mender === undefined) throw new Error(`no mender for ${code}`);
  return mender.mend({ object, templatePath, path: parseFieldPath(path) });
}

const hostname = (...values: string[]) => ({ key: 'kubernetes.io/hostname', operator: 'In', values });
const preferring = (...requirements: JsonObject[]) => ({
  weight: 100,
  preference: { matchExpressions: requirements },
});

describe('the menders', () => {
  it('are for rules of the catalogue, each under the ID of its own', () => {
    const ids = [...MENDERS.keys()];
    expect(ids).toEqual(['MS101', 'MS102', 'MS201', 'MS204', 'MS501', 'MS502']);
    expect(RULES.map(({ id }) => id).filter((id) => MENDERS.has(id))).toEqual(ids);
    for (const [id, mender] of MENDERS) expect(mender.id).toBe(id);
  });

  it('reveal what other rules say only where the label was not understood or not in its place', () => {
    const revealing = [...MENDERS].filter(([, { reveals }]) => reveals === true).map(([id]) => id);
    expect(revealing).toEqual(['MS501', 'MS502']);
  });
});

describe('MS101: the node of a nodeSelector is preferred', () => {
  const path = 'spec.nodeSelector[kubernetes.io/hostname]';

  it('in a pod, whose nodeSelector goes with its only key', () => {
    const pod = { spec: { nodeSelector: { 'kubernetes.io/hostname': 'node2' } } };
    expect(mend('MS101', pod, path)).toEqual([
      {
        op: 'add',
        path: '/spec/affinity',
        value: { nodeAffinity: { [PREFERRED]: [preferring(hostname('node2'))] } },
      },
      { op: 'remove', path: '/spec/nodeSelector' },
    ]);
  });

  it('in a template, whose nodeSelector has other keys, and whose affinity has other parts', () => {
    const spec = {
      nodeSelector: { disk: 'ssd', 'kubernetes.io/hostname': 'node2' },
      affinity: { podAffinity: {} },
    };
    expect(mend('MS101', { spec: { template: { spec } } }, `spec.template.${path}`, TEMPLATE)).toEqual([
      {
        op: 'add',
        path: '/spec/template/spec/affinity/nodeAffinity',
        value: { [PREFERRED]: [preferring(hostname('node2'))] },
      },
      { op: 'remove', path: '/spec/template/spec/nodeSelector/kubernetes.io~1hostname' },
    ]);
  });

  it('behind what is preferred already', () => {
    const spec = {
      nodeSelector: { 'kubernetes.io/hostname': 'node2' },
      affinity: { nodeAffinity: { [PREFERRED]: [preferring(hostname('node1'))] } },
    };
    expect(mend('MS101', { spec }, path)).toEqual([
      {
        op: 'add',
        path: `/spec/affinity/nodeAffinity/${PREFERRED}/-`,
        value: preferring(hostname('node2')),
      },
      { op: 'remove', path: '/spec/nodeSelector' },
    ]);
  });

  it('and not twice, whatever the weight of the first', () => {
    const spec = {
      nodeSelector: { 'kubernetes.io/hostname': 'node2' },
      affinity: {
        nodeAffinity: {
          [PREFERRED]: [preferring(hostname('x')), { ...preferring(hostname('node2')), weight: 1 }],
        },
      },
    };
    expect(mend('MS101', { spec }, path)).toEqual([{ op: 'remove', path: '/spec/nodeSelector' }]);
  });
});

describe('MS102: the nodes of a required affinity are preferred', () => {
  const TERMS = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
  const NODE_AFFINITY = '/spec/affinity/nodeAffinity';
  const requiring = (...nodeSelectorTerms: JsonObject[]) => ({
    spec: { affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms } } } },
  });
  const add = (...value: JsonObject[]) => ({ op: 'add', path: `${NODE_AFFINITY}/${PREFERRED}`, value });
  const remove = (path: string) => ({ op: 'remove', path: `${NODE_AFFINITY}/${REQUIRED}${path}` });
  const arch = { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] };
  const name = { key: 'metadata.name', operator: 'In', values: ['node1'] };

  it('all of them where each term is one pin by the same key', () => {
    const pod = requiring({ matchExpressions: [hostname('a')] }, { matchExpressions: [hostname('b', 'c')] });
    expect(mend('MS102', pod, `${TERMS}[1].matchExpressions[0]`)).toEqual([
      add(preferring(hostname('a')), preferring(hostname('b', 'c'))),
      remove(''),
    ]);
  });

  it('by name too', () => {
    const pod = requiring({ matchFields: [name] });
    expect(mend('MS102', pod, `${TERMS}[0].matchFields[0]`)).toEqual([
      add({ weight: 100, preference: { matchFields: [name] } }),
      remove(''),
    ]);
  });

  it('in a template', () => {
    const template = requiring({ matchExpressions: [hostname('a')] });
    const path = `spec.template.${TERMS}[0].matchExpressions[0]`;
    expect(mend('MS102', { spec: { template } }, path, TEMPLATE)).toEqual([
      {
        op: 'add',
        path: `/spec/template${NODE_AFFINITY}/${PREFERRED}`,
        value: [preferring(hostname('a'))],
      },
      { op: 'remove', path: `/spec/template${NODE_AFFINITY}/${REQUIRED}` },
    ]);
  });

  it('one of a list, of which the rest stays required', () => {
    const pod = requiring({ matchExpressions: [arch, hostname('a')] });
    expect(mend('MS102', pod, `${TERMS}[0].matchExpressions[1]`)).toEqual([
      add(preferring(hostname('a'))),
      remove('/nodeSelectorTerms/0/matchExpressions/1'),
    ]);
  });

  it('the only one of its list, which goes with it, where the other list stays required', () => {
    const pod = requiring({ matchExpressions: [arch], matchFields: [name] });
    expect(mend('MS102', pod, `${TERMS}[0].matchFields[0]`)).toEqual([
      add({ weight: 100, preference: { matchFields: [name] } }),
      remove('/nodeSelectorTerms/0/matchFields'),
    ]);
  });

  it('one of a term among several terms: it did not hold alone', () => {
    const pod = requiring({ matchExpressions: [hostname('a'), arch] }, { matchExpressions: [arch] });
    expect(mend('MS102', pod, `${TERMS}[0].matchExpressions[0]`)).toEqual([
      add(preferring(hostname('a'))),
      remove('/nodeSelectorTerms/0/matchExpressions/0'),
    ]);
  });

  it.each<[string, JsonObject]>([
    ['another operator', { matchExpressions: [{ ...hostname('b'), operator: 'NotIn' }] }],
    ['another key', { matchExpressions: [arch] }],
    ['a requirement more', { matchExpressions: [hostname('b'), arch] }],
    ['no requirement at all', {}],
    ['lists that are null', { matchExpressions: null, matchFields: null }],
  ])('but not beside a term with %s: fewer nodes would do, or more', (_what, other) => {
    const pod = requiring({ matchExpressions: [hostname('a')] }, other);
    expect(mend('MS102', pod, `${TERMS}[0].matchExpressions[0]`)).toBeNull();
  });
});

describe.each(['MS201', 'MS204'])('%s: the app sees the mounts, and makes none', (code) => {
  const pod = (mount: JsonObject) => ({ spec: { containers: [{ name: 'a', volumeMounts: [mount] }] } });
  const path = 'spec.containers[0].volumeMounts[0].mountPropagation';
  const pointer = '/spec/containers/0/volumeMounts/0/mountPropagation';

  it.each(['None', 'Bidirectional', null])('instead of %j', (mountPropagation) => {
    expect(mend(code, pod({ name: 'media', mountPropagation }), path)).toEqual([
      { op: 'replace', path: pointer, value: 'HostToContainer' },
    ]);
  });

  it('where there is nothing', () => {
    expect(mend(code, pod({ name: 'media' }), path)).toEqual([
      { op: 'add', path: pointer, value: 'HostToContainer' },
    ]);
  });
});

describe('MS501: the label moves to the template', () => {
  const path = `spec.template.metadata.labels[${LABEL}]`;
  const deployment = (template: JsonObject, labels: JsonObject = {}) => ({
    metadata: { name: 'sonarr', labels: { [LABEL]: 'true', ...labels } },
    spec: { template },
  });

  it.each<[string, JsonObject, string, unknown]>([
    [
      'into its labels',
      { metadata: { labels: { app: 'sonarr' } } },
      '/spec/template/metadata/labels/media-stack~1cloud-mounts',
      'true',
    ],
    ['which gets labels', { metadata: {} }, '/spec/template/metadata/labels', { [LABEL]: 'true' }],
    ['which gets metadata', { spec: {} }, '/spec/template/metadata', { labels: { [LABEL]: 'true' } }],
  ])('%s', (_what, template, pointer, value) => {
    expect(mend('MS501', deployment(template), path, TEMPLATE)).toEqual([
      { op: 'add', path: pointer, value },
      { op: 'remove', path: '/metadata/labels' },
    ]);
  });

  it('from the jobTemplate of a CronJob too', () => {
    const jobTemplate = { metadata: { labels: { [LABEL]: 'true' } }, spec: { template: { metadata: {} } } };
    const template = ['spec', 'jobTemplate', 'spec', 'template'];
    const at = `${template.join('.')}.metadata.labels[${LABEL}]`;
    expect(mend('MS501', { metadata: { labels: {} }, spec: { jobTemplate } }, at, template)).toEqual([
      { op: 'add', path: '/spec/jobTemplate/spec/template/metadata/labels', value: { [LABEL]: 'true' } },
      { op: 'remove', path: '/spec/jobTemplate/metadata/labels' },
    ]);
  });

  it.each<[string, JsonObject, string, unknown]>([
    [
      'a label',
      { metadata: { labels: { [LABEL]: null } } },
      '/spec/template/metadata/labels/media-stack~1cloud-mounts',
      'true',
    ],
    ['labels', { metadata: { labels: null } }, '/spec/template/metadata/labels', { [LABEL]: 'true' }],
    ['metadata', { metadata: null }, '/spec/template/metadata', { labels: { [LABEL]: 'true' } }],
  ])('over %s without a value; other labels of the workload stay', (_what, template, pointer, value) => {
    expect(mend('MS501', deployment(template, { team: 'tv' }), path, TEMPLATE)).toEqual([
      { op: 'replace', path: pointer, value },
      { op: 'remove', path: '/metadata/labels/media-stack~1cloud-mounts' },
    ]);
  });
});

describe('MS502: the label says what was meant', () => {
  const path = `metadata.labels[${LABEL}]`;
  const labelled = (value: unknown) => ({ metadata: { labels: { [LABEL]: value } } }) as JsonObject;

  it.each([
    [['true', true, 'True', 'yes', 'YES', 'on', 'On', ' true '], 'true'],
    [['false', false, 'False', 'no', 'NO', 'off', 'Off', ' false\n'], 'false'],
  ])('%j is plain', (values, meant) => {
    for (const value of values)
      expect(mend('MS502', labelled(value), path)).toEqual([
        { op: 'replace', path: '/metadata/labels/media-stack~1cloud-mounts', value: meant },
      ]);
  });

  it.each(['', 'maybe', 'y', '1', 1, 0, null, {}, [], ['true'], [true]])('%j may mean anything', (value) => {
    expect(mend('MS502', labelled(value), path)).toBeNull();
  });
});
