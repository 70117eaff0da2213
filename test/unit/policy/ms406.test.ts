import { describe, expect, it } from 'vitest';
import { handInitDirs, handSidecar, injected, labelledPod, ONLY_ZURG } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const problems = (fields: Fields, spec: Fields = {}) =>
  problemsOfTemplate(
    labelledPod({ initContainers: [handInitDirs(), handSidecar('zurg', fields)], ...spec }),
    { settings: ONLY_ZURG },
  );

const MOUNT = ['mount', 'zurg:', '/mnt/media/zurg', '--read-only'];

describe('MS406', () => {
  it.each([
    [['--vfs-cache-mode=full']],
    [['--vfs-cache-mode', 'full']],
    [['--vfs-cache-mode=full', '--vfs-cache-max-size=off']],
    [['--vfs-cache-mode=full', '--vfs-cache-max-age=1h']],
    [['--vfs-cache-mode=full', '--vfs-cache-min-free-space=off']],
  ])('warns of %j', (flags) => {
    expect(problems({ args: [...MOUNT, ...flags] })).toEqual([
      {
        code: 'MS406',
        level: 'warn',
        path: 'spec.initContainers[1].args',
        message: 'mount sidecar rclone-zurg has --vfs-cache-mode full and no --vfs-cache-max-size',
        hint: 'Add --vfs-cache-max-size and put --cache-dir on an emptyDir with a sizeLimit a little above, or use --vfs-cache-mode writes.',
      },
    ]);
  });

  it.each([
    [['--vfs-cache-mode=full', '--vfs-cache-max-size=10G']],
    [['--vfs-cache-mode', 'full', '--vfs-cache-max-size', '10G']],
    [['--vfs-cache-mode=full', '--vfs-cache-min-free-space=20G']],
    [['--vfs-cache-mode=full', '--vfs-cache-max-size=off', '--vfs-cache-min-free-space=20G']],
    [['--vfs-cache-mode=writes']],
    [['--vfs-cache-mode=full', '--vfs-cache-mode=off']],
    [[]],
  ])('lets %j be', (flags) => {
    expect(problems({ args: [...MOUNT, ...flags] })).toEqual([]);
  });

  it('lets a script be that hides its command, and what is injected', () => {
    expect(problems({ args: undefined, command: ['/run.sh'] })).toEqual([]);
    expect(problemsOfPod(injected(labelledPod()))).toEqual([]);
  });
});
