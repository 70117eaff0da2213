import { describe, expect, it } from 'vitest';
import { MOUNTS_LABEL } from '../../../src/intent/labels.ts';
import { judgePod, judgeTemplate } from '../../../src/policy/judge.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { podOf } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const withLabel = (value: string) => podOf({}, { labels: { [MOUNTS_LABEL]: value } });

describe('MS502', () => {
  it.each(['True', 'TRUE', 'yes', '1', 'true ', ''])(
    'refuses the label value %j, and judges nothing else',
    (value) => {
      const problem = {
        code: 'MS502',
        level: 'deny',
        path: 'metadata.labels[media-stack/cloud-mounts]',
        message: `the label value ${JSON.stringify(value)} is neither "true" nor "false"`,
        hint: 'Write media-stack/cloud-mounts: "true" (with the quotes: a label is a string), or "false" to switch the mounts off.',
      };
      expect(problemsOfTemplate(withLabel(value))).toEqual([problem]);
      expect(problemsOfPod(withLabel(value))).toEqual([problem]);
    },
  );

  it('has nothing against "true"', () => {
    expect(problemsOfTemplate(withLabel('true'))).toEqual([]);
  });

  it('does not judge a pod with "false", whatever else is wrong with it', () => {
    const pod = podOf({ hostUsers: false }, { labels: { [MOUNTS_LABEL]: 'false' } });
    const input = { pod, settings: defaultSettings() };
    expect(judgeTemplate(input)).toEqual({ judged: false, reason: 'label_false' });
    expect(judgePod(input)).toEqual({ judged: false, reason: 'label_false' });
  });
});
