import { describe, expect, it } from 'vitest';
import { handInitDirs, handSidecar, injected, labelledPod, ONLY_ZURG } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const problems = (fields: Fields, spec: Fields = {}) =>
  problemsOfTemplate(
    labelledPod({ initContainers: [handInitDirs(), handSidecar('zurg', fields)], ...spec }),
    { settings: ONLY_ZURG },
  );

const MOUNT = ['mount', 'zurg:', '/mnt/media/zurg'];
const problem = (place: string, mend: string, name = 'rclone-zurg') => ({
  code: 'MS405',
  level: 'warn',
  path: `spec.initContainers[${place}].args`,
  message: `mount sidecar ${name} mounts read-write: deletes reach the remote`,
  hint: `${mend}, or waive this: media-stack/ignore: "MS405".`,
});

describe('MS405', () => {
  it.each([[[]], [['--read-only=false']], [['--read-only-not']]])('warns of the flags %j', (flags) => {
    expect(problems({ args: [...MOUNT, ...flags] })).toEqual([problem('1', 'Add --read-only')]);
  });

  it('warns of an injected sidecar that its author wants so', () => {
    const pod = labelledPod({}, { 'media-stack/read-only': 'false' });
    const mend = 'Leave media-stack/read-only away ("true" is the default)';
    expect(problemsOfTemplate(pod, { settings: ONLY_ZURG })).toEqual([problem('rclone-zurg', mend)]);
    expect(problemsOfPod(injected(pod, { settings: ONLY_ZURG }), { settings: ONLY_ZURG })).toEqual([
      problem('1', mend),
    ]);
  });

  it.each([['--read-only'], ['--read-only=true']])('lets %s be', (flag) => {
    expect(problems({ args: [...MOUNT, flag] })).toEqual([]);
  });

  it('lets a mount be that is read-only by its environment', () => {
    expect(problems({ args: MOUNT, env: [{ name: 'RCLONE_READ_ONLY', value: 'true' }] })).toEqual([]);
  });

  it('lets a script be that hides its command, and what is injected', () => {
    expect(problems({ args: undefined, command: ['/run.sh'] })).toEqual([]);
    expect(problemsOfPod(injected(labelledPod()))).toEqual([]);
  });
});
