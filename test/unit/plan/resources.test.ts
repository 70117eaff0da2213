import { describe, expect, it } from 'vitest';
import { isOurInitDirs, isOurSidecar } from '../../../src/intent/mount-sidecar.ts';
import { goMemoryLimit, renderResources, resourceRules } from '../../../src/plan/resources.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { app, injected, labelledPod } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';

const WANTED = defaultSettings().sidecar.resources;
const render = (spec: Fields) =>
  renderResources(
    WANTED,
    resourceRules(labelledPod(spec), () => false),
  );
const { requests, limits } = WANTED;
const with_ = (resources: unknown, fields: Fields = {}) => app({ resources, ...fields });
const FIXED = { limits: { cpu: '1', memory: '1Gi' } };

describe('the resources of what is added', () => {
  it.each<[string, Fields, unknown]>([
    ['are those of the settings', {}, { requests, limits }],
    [
      'keep a Guaranteed pod Guaranteed',
      { containers: [with_({ requests: { cpu: '1', memory: '1Gi' }, ...FIXED })] },
      { requests: limits, limits },
    ],
    [
      'also where the requests are left to the limits',
      { containers: [with_(FIXED)] },
      { requests: limits, limits },
    ],
    [
      'also where the same is written in two ways',
      {
        containers: [
          with_({ requests: { cpu: '1000m', memory: '1024Mi' }, limits: { cpu: 1, memory: '1Gi' } }),
        ],
      },
      { requests: limits, limits },
    ],
    [
      'are as usual where one container is not Guaranteed',
      { containers: [with_(FIXED), app({ name: 'other' })] },
      { requests, limits },
    ],
    [
      'also where it is an init container',
      { containers: [with_(FIXED)], initContainers: [{ name: 'seed' }] },
      { requests, limits },
    ],
    [
      'also where only one of the two limits is set',
      { containers: [with_({ limits: { memory: '1Gi' } })] },
      { requests, limits },
    ],
    [
      'also where a limit is nought',
      { containers: [with_({ limits: { cpu: '0', memory: '1Gi' } })] },
      { requests, limits },
    ],
    [
      'also where a request is below its limit',
      { containers: [with_({ requests: { cpu: '500m' }, ...FIXED })] },
      { requests, limits },
    ],
    [
      'leave out what the pod sets as a whole',
      { resources: { limits: { memory: '8Gi' } } },
      { requests: { cpu: '100m' }, limits: { cpu: '500m' } },
    ],
    [
      'by its request too',
      { resources: { requests: { cpu: '1' } } },
      { requests: { memory: '256Mi' }, limits: { memory: '1Gi' } },
    ],
    ['all of it', { resources: { requests: { cpu: '1' }, limits: { memory: '8Gi' } } }, {}],
    [
      'nothing where the pod sets nothing',
      { resources: { limits: { 'hugepages-2Mi': '1Gi' } } },
      { requests, limits },
    ],
    [
      'both at once',
      { resources: { limits: { memory: '8Gi' } }, containers: [with_(FIXED)] },
      { requests: { cpu: '500m' }, limits: { cpu: '500m' } },
    ],
  ])('%s', (_name, spec, expected) => {
    expect(render(spec)).toEqual(expected);
  });

  it('do not depend on what an earlier injection added', () => {
    const pod = injected(labelledPod({ containers: [with_(FIXED)] }));
    const ours = (ref: { container: Parameters<typeof isOurSidecar>[0] }) =>
      isOurSidecar(ref.container) || isOurInitDirs(ref.container);
    expect(resourceRules(pod, ours)).toEqual({ guaranteed: true, setByPod: [] });
  });
});

describe('GOMEMLIMIT', () => {
  it.each([
    ['1Gi', '921MiB'],
    ['256Mi', '230MiB'],
    ['1G', '858MiB'],
    ['2Mi', '1MiB'],
    ['1Mi', '943718B'],
    ['1Ki', '921B'],
  ])('of a limit of %s is 90 %% of it: %s', (limit, text) => {
    expect(goMemoryLimit(limit)).toBe(text);
  });
});
