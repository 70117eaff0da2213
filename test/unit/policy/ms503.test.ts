import { describe, expect, it } from 'vitest';
import { labelledPod } from '../../support/labelled-pod.ts';
import { problemsOfTemplate } from './judged.ts';

const problem = (name: string, message: string, hint: string) => ({
  code: 'MS503',
  level: 'deny',
  path: `metadata.annotations[media-stack/${name}]`,
  message,
  hint,
});

const ms503 = (annotations: Readonly<Record<string, string>>) =>
  problemsOfTemplate(labelledPod({}, annotations)).filter(({ code }) => code === 'MS503');

describe('MS503 refuses', () => {
  it.each([
    [
      { 'media-stack/remote': 'zurg' },
      problem(
        'remote',
        'there is no annotation "media-stack/remote"',
        'Did you mean "media-stack/remotes"? All annotations are listed in docs/annotations.md.',
      ),
    ],
    [
      { 'media-stack/cloud-mounts': 'true' },
      problem(
        'cloud-mounts',
        'there is no annotation "media-stack/cloud-mounts"',
        'It is a label, not an annotation: put media-stack/cloud-mounts: "true" under metadata.labels of the pod template.',
      ),
    ],
    [
      { 'media-stack/read-only': 'yes' },
      problem(
        'read-only',
        '"yes" is not "true" or "false"',
        'Write for example media-stack/read-only: "false".',
      ),
    ],
    [
      { 'media-stack/remotes': 'zurg,torbx' },
      problem(
        'remotes',
        'there is no remote "torbx" in the settings',
        'Did you mean "torbox"? Known remotes: zurg, torbox.',
      ),
    ],
    [
      { 'media-stack/containers': 'sonar' },
      problem(
        'containers',
        '"sonar" is no app container of this pod',
        'Did you mean "sonarr"? Containers that can be the app: sonarr.',
      ),
    ],
  ])('%j', (annotations, expected) => {
    expect(ms503(annotations)).toEqual([expected]);
  });

  it('each of several, in the order of their names', () => {
    const annotations = { 'media-stack/mounts': 'shared', 'media-stack/cpu-limit': '-1' };
    expect(ms503(annotations)).toEqual([
      problem(
        'cpu-limit',
        '"-1" is not a Kubernetes quantity above zero, e.g. 500m or 2Gi',
        'Write for example media-stack/cpu-limit: "1".',
      ),
      problem(
        'mounts',
        '"shared" is not one of "volume", "private"',
        'Write for example media-stack/mounts: "private".',
      ),
    ]);
  });
});

describe('MS503 lets be', () => {
  it.each([
    { 'media-stack/remotes': 'torbox, zurg', 'media-stack/containers': 'sonarr' },
    { 'example.org/remotes': '?', 'media-stack.example.org/remotes': '?', 'my-media-stack/x': '?' },
    { 'media-stack/status': '{}' },
  ])('%j', (annotations) => {
    expect(problemsOfTemplate(labelledPod({}, annotations))).toEqual([]);
  });
});
