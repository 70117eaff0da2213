import { describe, expect, it } from 'vitest';
import { handInitDirs, handSidecar, injected, labelledPod, ONLY_ZURG } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const withSidecar = (securityContext: unknown) =>
  problemsOfTemplate(
    labelledPod({ initContainers: [handInitDirs(), handSidecar('zurg', { securityContext })] }),
    { settings: ONLY_ZURG },
  );

describe('MS301', () => {
  it.each([
    [undefined, 'not set'],
    [{}, 'not set'],
    [{ privileged: null }, 'not set'],
    [{ privileged: false, capabilities: { add: ['SYS_ADMIN'] } }, 'false'],
  ])('refuses a mount sidecar with securityContext %j', (securityContext, found) => {
    expect(withSidecar(securityContext).filter(({ code }) => code !== 'MS203')).toEqual([
      {
        code: 'MS301',
        level: 'deny',
        path: 'spec.initContainers[1].securityContext.privileged',
        message: `mount sidecar rclone-zurg is not privileged (privileged: ${found}): it cannot mount`,
        hint: 'Write securityContext: { privileged: true } in it, or remove the sidecar and let the webhook inject it.',
      },
    ]);
  });

  it('lets a privileged one be', () => {
    expect(withSidecar({ privileged: true })).toEqual([]);
  });

  it('lets what is injected be', () => {
    expect(problemsOfPod(injected(labelledPod()))).toEqual([]);
  });
});
