import { describe, expect, it } from 'vitest';
import type { LabelState } from '../../../src/intent/labels.ts';
import { MOUNTS_LABEL } from '../../../src/intent/labels.ts';
import { judgeTemplate } from '../../../src/policy/judge.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { labelledPod, podOf } from '../../support/labelled-pod.ts';
import { problemsOfTemplate } from './judged.ts';

const workload = (label: LabelState) => ({ kind: 'Deployment', label });
const problem = {
  code: 'MS501',
  level: 'warn',
  path: 'metadata.labels[media-stack/cloud-mounts]',
  message: 'the Deployment has the label, its pod template has not: its pods get no mounts',
  hint: 'Write media-stack/cloud-mounts: "true" under the labels of the template\'s own metadata.',
};

describe('MS501', () => {
  it.each(['lint', 'admission'] as const)(
    'warns of a label in the wrong place, and of nothing else (%s)',
    (use) => {
      const pod = podOf({ hostUsers: false });
      expect(problemsOfTemplate(pod, { use, workload: workload('true') })).toEqual([problem]);
    },
  );

  it.each<[string, LabelState]>([
    ['without any label', 'absent'],
    ['whose own label says false', 'false'],
  ])('says nothing of a workload %s', (_name, label) => {
    const input = { pod: podOf(), settings: defaultSettings(), workload: workload(label) };
    expect(judgeTemplate(input)).toEqual({ judged: false, reason: 'label_absent' });
  });

  it('says nothing where the template has the label too', () => {
    expect(problemsOfTemplate(labelledPod(), { workload: workload('true') })).toEqual([]);
  });

  it('says nothing where the template says false', () => {
    const pod = podOf({}, { labels: { [MOUNTS_LABEL]: 'false' } });
    expect(judgeTemplate({ pod, settings: defaultSettings(), workload: workload('true') })).toEqual({
      judged: false,
      reason: 'label_false',
    });
  });
});
