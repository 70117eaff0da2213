import { describe, expect, it } from 'vitest';
import { app, injected, labelledPod, MEDIA_MOUNT } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const BOTH_WAYS = [{ ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' }];
const unprivileged = (place: string, name: string, at = '/mnt/media') => ({
  code: 'MS203',
  level: 'deny',
  path: `spec.${place}.mountPropagation`,
  message: `container ${name} has mountPropagation "Bidirectional" at ${at} but is not privileged`,
  hint: 'Take mountPropagation away (a container that only makes directories needs none), write HostToContainer for an app, or set securityContext.privileged: true for a container that mounts.',
});

describe('MS203', () => {
  it.each([undefined, null, {}, { privileged: false }])(
    'refuses Bidirectional in an app with securityContext %j',
    (securityContext) => {
      const pod = labelledPod({ containers: [app({ securityContext, volumeMounts: BOTH_WAYS })] });
      expect(problemsOfTemplate(pod)).toEqual([unprivileged('containers[0].volumeMounts[0]', 'sonarr')]);
    },
  );

  it('refuses it in an init container and on any volume, and names the place of its author', () => {
    const seed = {
      name: 'seed',
      image: 'busybox',
      volumeMounts: [
        MEDIA_MOUNT,
        { name: 'scratch', mountPath: '/scratch', mountPropagation: 'Bidirectional' },
      ],
    };
    expect(problemsOfTemplate(labelledPod({ initContainers: [seed] }))).toEqual([
      unprivileged('initContainers[0].volumeMounts[1]', 'seed', '/scratch'),
    ]);
  });

  it.each([
    [
      'a privileged container, whose other volume it is',
      app({
        securityContext: { privileged: true },
        volumeMounts: [MEDIA_MOUNT, { ...BOTH_WAYS[0], mountPath: '/x' }],
      }),
    ],
    ['HostToContainer', app({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }] })],
  ])('lets %s be', (_name, container) => {
    expect(problemsOfTemplate(labelledPod({ containers: [container] }))).toEqual([]);
  });

  it('lets what is injected be', () => {
    expect(problemsOfPod(injected(labelledPod()))).toEqual([]);
  });
});
