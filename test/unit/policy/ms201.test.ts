import { describe, expect, it } from 'vitest';
import { app, injected, labelledPod, MEDIA_MOUNT } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const blind = (index: number, mount: number, found: string, name = 'sonarr') => ({
  code: 'MS201',
  level: 'deny',
  path: `spec.containers[${index}].volumeMounts[${mount}].mountPropagation`,
  message: `container ${name} mounts /mnt/media with mountPropagation ${found}: it never sees the mounts of the sidecars`,
  hint: 'Write mountPropagation: HostToContainer there, or take the field away and let the webhook add it.',
});
const mounting = (...volumeMounts: Fields[]) => labelledPod({ containers: [app({ volumeMounts })] });

describe('MS201', () => {
  it.each(['None', ''])('refuses an app that writes mountPropagation %j out', (mountPropagation) => {
    expect(problemsOfTemplate(mounting({ ...MEDIA_MOUNT, mountPropagation }))).toEqual([
      blind(0, 0, JSON.stringify(mountPropagation)),
    ]);
  });

  it('refuses a pod whose propagation was taken away again after injection', () => {
    const pod = injected(labelledPod());
    const { containers } = labelledPod().spec;
    expect(problemsOfPod({ ...pod, spec: { ...pod.spec, containers } })).toEqual([blind(0, 0, 'not set')]);
  });

  it('says nothing of another volume at the media path, which is MS208', () => {
    const other = { name: 'x', mountPath: '/mnt/media/', mountPropagation: 'None' };
    const pod = mounting({ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }, other);
    expect(problemsOfPod(pod).filter(({ code }) => code === 'MS201')).toEqual([]);
  });

  it('finds each app container and each spelling of the media path', () => {
    const pod = labelledPod({
      containers: [
        app(),
        app({
          name: 'exporter',
          volumeMounts: [
            { name: 'media', mountPath: '/x', mountPropagation: 'None' },
            { name: 'media', mountPath: '/mnt//media/', mountPropagation: 'None' },
          ],
        }),
      ],
    });
    expect(problemsOfTemplate(pod)).toEqual([blind(1, 1, '"None"', 'exporter')]);
  });

  it.each([
    ['the field is absent: the webhook adds it', [MEDIA_MOUNT]],
    ['HostToContainer', [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }]],
    ['the volume elsewhere', [MEDIA_MOUNT, { name: 'media', mountPath: '/data', mountPropagation: 'None' }]],
    [
      'a part of the volume elsewhere',
      [
        MEDIA_MOUNT,
        { name: 'media', mountPath: '/config', subPath: 'config/sonarr', mountPropagation: 'None' },
      ],
    ],
    [
      'another volume below',
      [MEDIA_MOUNT, { name: 'x', mountPath: '/mnt/media/x', mountPropagation: 'None' }],
    ],
  ])('lets be: %s', (_name, volumeMounts) => {
    expect(problemsOfTemplate(mounting(...volumeMounts))).toEqual([]);
  });

  it('leaves a privileged app with Bidirectional to MS204', () => {
    const container = app({
      securityContext: { privileged: true },
      volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' }],
    });
    const found = problemsOfTemplate(labelledPod({ containers: [container] }));
    expect(found.map(({ code }) => code)).toEqual(['MS204']);
  });

  it('lets a container be that is not the app', () => {
    const other = app({ name: 'logger', volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'None' }] });
    const pod = labelledPod({ containers: [app(), other] }, { 'media-stack/containers': 'sonarr' });
    expect(problemsOfTemplate(pod)).toEqual([]);
  });
});
