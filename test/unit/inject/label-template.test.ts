import { describe, expect, it } from 'vitest';
import { labelTemplate } from '../../../src/inject/label-template.ts';
import type { JsonObject } from '../../../src/pod/json.ts';

const LABEL = 'media-stack/cloud-mounts';
const POINTER = '/spec/template/metadata/labels/media-stack~1cloud-mounts';
const deployment = (template: JsonObject): JsonObject => ({ spec: { template } });

describe('the label is put on a template', () => {
  it.each<[string, JsonObject, object]>([
    ['with labels', { metadata: { labels: { app: 'x' } } }, { op: 'add', path: POINTER, value: 'true' }],
    [
      'with the label',
      { metadata: { labels: { [LABEL]: 'false' } } },
      { op: 'replace', path: POINTER, value: 'true' },
    ],
    [
      'without labels',
      { metadata: { name: 'x' } },
      { op: 'add', path: '/spec/template/metadata/labels', value: { [LABEL]: 'true' } },
    ],
    [
      'whose labels are null',
      { metadata: { labels: null } },
      { op: 'replace', path: '/spec/template/metadata/labels', value: { [LABEL]: 'true' } },
    ],
    [
      'without metadata',
      { spec: {} },
      { op: 'add', path: '/spec/template/metadata', value: { labels: { [LABEL]: 'true' } } },
    ],
    [
      'whose metadata is null',
      { metadata: null },
      { op: 'replace', path: '/spec/template/metadata', value: { labels: { [LABEL]: 'true' } } },
    ],
  ])('%s', (_, template, operation) => {
    expect(labelTemplate(deployment(template), ['spec', 'template'])).toEqual(operation);
  });

  it('or on a pod', () => {
    expect(labelTemplate({ metadata: {} }, [])).toEqual({
      op: 'add',
      path: '/metadata/labels',
      value: { [LABEL]: 'true' },
    });
  });
});
