import { describe, expect, it } from 'vitest';
import { labelledPod } from '../../support/labelled-pod.ts';
import { problemsOfTemplate } from './judged.ts';

describe('MS306', () => {
  it('refuses a pod in a user namespace', () => {
    expect(problemsOfTemplate(labelledPod({ hostUsers: false }))).toEqual([
      {
        code: 'MS306',
        level: 'deny',
        path: 'spec.hostUsers',
        message: 'hostUsers is false: in a user namespace the mounts of a sidecar cannot reach the app',
        hint: 'Take hostUsers away or set it to true.',
      },
    ]);
  });

  it.each(['kata', 'kata-qemu', 'gvisor', 'runsc', 'firecracker', 'microVM', 'cloud-hypervisor'])(
    'warns of the runtime class %s',
    (runtimeClassName) => {
      expect(problemsOfTemplate(labelledPod({ runtimeClassName }))).toEqual([
        {
          code: 'MS306',
          level: 'warn',
          path: 'spec.runtimeClassName',
          message: `runtimeClassName "${runtimeClassName}" looks like a VM or gVisor, where mounts may not pass between containers`,
          hint: 'Use the default runtime for this pod, or test that the app sees its files.',
        },
      ]);
    },
  );

  it.each([
    {},
    { hostUsers: true },
    { hostUsers: null },
    { runtimeClassName: '' },
    { runtimeClassName: 'nvidia' },
    { runtimeClassName: 'runc' },
  ])('lets be: %j', (spec) => {
    expect(problemsOfTemplate(labelledPod(spec))).toEqual([]);
  });
});
