import { describe, expect, it } from 'vitest';
import { pickWebhook } from '../../../src/cluster/find-webhook.ts';
import { matchesSelector } from '../../../src/pod/label-selector.ts';
import type { JsonObject } from '../../../src/pod/json.ts';

const LABEL = 'media-stack/cloud-mounts';
const PODS = [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }];
const configuration = (webhook: JsonObject): JsonObject => ({
  metadata: { name: 'mounts', creationTimestamp: '2026-01-01T00:00:00Z' },
  webhooks: [webhook],
});
const FOUND = {
  configuration: 'mounts',
  createdAt: '2026-01-01T00:00:00Z',
  failurePolicy: 'Fail',
  namespaceSelector: undefined,
};

describe('a webhook is ours', () => {
  it.each<[string, JsonObject]>([
    ['by its name', { name: 'pods.media-stack.io', rules: PODS }],
    [
      'by an expression of its selector',
      {
        name: 'x.y.z',
        rules: PODS,
        objectSelector: { matchExpressions: [{ key: LABEL, operator: 'Exists' }] },
      },
    ],
    [
      'by a label of its selector',
      { name: 'x.y.z', rules: PODS, objectSelector: { matchLabels: { [LABEL]: 'true' } } },
    ],
  ])('%s', (_, webhook) => {
    expect(pickWebhook([configuration(webhook)])).toEqual(FOUND);
  });

  it.each<[string, JsonObject]>([
    ['of another project', { name: 'sidecar-injector.istio.io', rules: PODS }],
    ['for other objects', { name: 'pods.media-stack.io', rules: [{ resources: ['deployments'] }] }],
    ['without rules', { name: 'pods.media-stack.io' }],
  ])('but not one %s', (_, webhook) => {
    expect(pickWebhook([configuration(webhook), { metadata: {} }])).toBeNull();
  });
});

describe('a selector takes labels', () => {
  const expression = (operator: string, values?: readonly string[]) => ({
    matchExpressions: [{ key: 'zone', operator, ...(values ? { values } : {}) }],
  });
  it.each([
    [undefined, {}, true],
    [{}, {}, true],
    [{ matchLabels: { zone: 'a' } }, { zone: 'a' }, true],
    [{ matchLabels: { zone: 'a' } }, { zone: 'b' }, false],
    [expression('In', ['a']), { zone: 'a' }, true],
    [expression('In', ['a']), {}, false],
    [expression('NotIn', ['a']), { zone: 'a' }, false],
    [expression('NotIn', ['a']), {}, true],
    [expression('Exists'), {}, false],
    [expression('Exists'), { zone: 'b' }, true],
    [expression('DoesNotExist'), { zone: 'b' }, false],
    [expression('DoesNotExist'), {}, true],
  ])('%j of %j: %s', (selector, labels, taken) => {
    expect(matchesSelector(selector, labels)).toBe(taken);
  });
});
