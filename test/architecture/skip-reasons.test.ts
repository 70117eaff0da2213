// Every reason for not injecting is reached by a golden case or by a request of the API server.
import { expect, test } from 'vitest';
import { SKIP_REASONS } from '../../src/inject/skip-reason.ts';
import { defaultSettings } from '../../src/settings/parse-settings.ts';
import { PLAIN_POD } from '../support/admission-review.ts';
import { listCases, readCase } from '../support/golden-case.ts';
import { throughWebhook } from '../support/through-webhook.ts';

const labels = { 'media-stack/cloud-mounts': 'true' };
const workload = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', labels },
  spec: { template: { metadata: { labels }, spec: { containers: [{ name: 'a' }] } } },
};
const owned = {
  ...workload,
  metadata: { ...workload.metadata, ownerReferences: [{ kind: 'X', controller: true }] },
};
const deleted = {
  ...workload,
  metadata: { ...workload.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
};

const REQUESTS: Readonly<
  Record<string, readonly ['mutate' | 'validate', Record<string, unknown>, Record<string, unknown>]>
> = {
  not_a_create: ['mutate', PLAIN_POD, { operation: 'UPDATE', oldObject: PLAIN_POD }],
  subresource: ['mutate', PLAIN_POD, { subResource: 'ephemeralcontainers' }],
  not_a_pod: ['mutate', workload, {}],
  controller_owner: ['validate', owned, {}],
  being_deleted: ['validate', deleted, {}],
  template_unchanged: ['validate', workload, { operation: 'UPDATE', oldObject: workload }],
  not_a_workload: ['validate', { apiVersion: 'v1', kind: 'Service', metadata: { labels } }, {}],
};

for (const [reason, [endpoint, object, fields]] of Object.entries(REQUESTS)) {
  test(`a request that the webhook passes over: ${reason}`, async () => {
    const reviewed = await throughWebhook(endpoint, object, defaultSettings(), fields);
    expect(reviewed).toMatchObject({ allowed: true, reason, operations: [] });
  });
}

test('no reason is out of reach', () => {
  const golden = listCases().flatMap((file) => {
    const outcome = readCase(file).golden ?? {};
    const all = [outcome, ...Object.values((outcome['workloads'] ?? {}) as Record<string, typeof outcome>)];
    return all.map(({ reason }) => reason);
  });
  const reached = [...golden, ...Object.keys(REQUESTS)];
  expect(Object.keys(SKIP_REASONS).filter((reason) => !reached.includes(reason))).toEqual([]);
});

test('every reason has a text and a hint, short enough for a warning', () => {
  for (const [reason, { text, hint }] of Object.entries(SKIP_REASONS)) {
    expect(text, reason).not.toBe('');
    expect(hint, reason).not.toBe('');
    // `media-stack: no mounts: TEXT; HINT`, cut at 250 by the answer (admission/limits.ts).
    expect(`media-stack: no mounts: ${text}; ${hint}`.length, reason).toBeLessThanOrEqual(250);
  }
});
