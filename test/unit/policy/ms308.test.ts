import { describe, expect, it } from 'vitest';
import { injected, labelledPod } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const problem = (seconds: number) => ({
  code: 'MS308',
  level: 'warn',
  path: 'spec.terminationGracePeriodSeconds',
  message: `terminationGracePeriodSeconds is ${seconds}: app and sidecars have to end, and unmount, within that`,
  hint: 'Take it away (30 is the default) or give it at least 10.',
});

describe('MS308', () => {
  it.each([0, 1, 9])('warns of %d seconds', (terminationGracePeriodSeconds) => {
    const pod = labelledPod({ terminationGracePeriodSeconds });
    expect(problemsOfTemplate(pod)).toEqual([problem(terminationGracePeriodSeconds)]);
    expect(problemsOfPod(injected(pod))).toEqual([problem(terminationGracePeriodSeconds)]);
  });

  it.each([10, 30, 600, undefined, null, '5'])('lets %j be', (terminationGracePeriodSeconds) => {
    expect(problemsOfTemplate(labelledPod({ terminationGracePeriodSeconds }))).toEqual([]);
  });

  it('lets a pod without sidecars be', () => {
    const pod = labelledPod({ terminationGracePeriodSeconds: 5, containers: [] });
    expect(problemsOfTemplate(pod)).toEqual([]);
  });
});
