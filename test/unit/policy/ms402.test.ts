import { describe, expect, it } from 'vitest';
import { handInitDirs, handSidecar, injected, labelledPod, ONLY_ZURG } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const problems = (fields: Fields, spec: Fields = {}) =>
  problemsOfTemplate(
    labelledPod({ initContainers: [handInitDirs(), handSidecar('zurg', fields)], ...spec }),
    { settings: ONLY_ZURG },
  );

const problem = (missing: string) => ({
  code: 'MS402',
  level: 'warn',
  path: 'spec.initContainers[1].resources',
  message: `mount sidecar rclone-zurg has ${missing}`,
  hint: 'Write resources: { requests: { cpu: 100m, memory: 256Mi }, limits: { cpu: 500m, memory: 1Gi } } in it, or remove the sidecar and let the webhook inject it.',
});
const requests = { cpu: '100m' };
const limits = { memory: '1Gi' };

describe('MS402', () => {
  it.each<[unknown, string]>([
    [undefined, 'no requests and no limits'],
    [null, 'no requests and no limits'],
    [{}, 'no requests and no limits'],
    [{ requests: {}, limits: null }, 'no requests and no limits'],
    [{ requests }, 'no limits'],
  ])('warns of a sidecar with resources %j', (resources, missing) => {
    expect(problems({ resources })).toEqual([problem(missing)]);
  });

  it('takes limits for requests, as the API server does', () => {
    expect(problems({ resources: { limits } })).toEqual([]);
    expect(problems({ resources: undefined }, { resources: { limits } })).toEqual([]);
  });

  it('counts those of the pod, each kind for itself', () => {
    expect(problems({ resources: undefined }, { resources: { requests } })).toEqual([problem('no limits')]);
    expect(problems({ resources: undefined }, { resources: { requests, limits } })).toEqual([]);
    expect(problems({ resources: { requests } }, { resources: { limits } })).toEqual([]);
  });

  it('lets a sidecar be that has both, and what is injected', () => {
    expect(problems({ resources: { requests, limits } })).toEqual([]);
    expect(problemsOfPod(injected(labelledPod()))).toEqual([]);
  });
});
