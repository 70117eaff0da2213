import { describe, expect, it } from 'vitest';
import { workloadFacts } from '../../../src/policy/workload-facts.ts';

const labelled = (value: unknown) => ({ metadata: { labels: { 'media-stack/cloud-mounts': value } } });

describe('the label of a workload, where it does nothing,', () => {
  it.each([
    ['true', 'true'],
    ['false', 'false'],
    ['yes', 'malformed'],
    [true, 'malformed'],
    ['', 'malformed'],
    [null, 'absent'],
  ])('that is %j is %s', (value, label) => {
    expect(workloadFacts('Deployment', labelled(value))).toEqual({ kind: 'Deployment', label });
  });

  it.each([{}, { metadata: null }, { metadata: { labels: {} } }, { spec: labelled('true') }, 'odd', null])(
    'is absent in %j',
    (object) => {
      expect(workloadFacts('Job', object)).toEqual({ kind: 'Job', label: 'absent' });
    },
  );

  it('may stand at the jobTemplate of a CronJob; its own comes first', () => {
    const cronJob = { spec: { jobTemplate: labelled('true') } };
    expect(workloadFacts('CronJob', cronJob)).toEqual({ kind: 'CronJob', label: 'true' });
    expect(workloadFacts('CronJob', { ...labelled('false'), ...cronJob }).label).toBe('false');
  });
});
