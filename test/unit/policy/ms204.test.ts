import { describe, expect, it } from 'vitest';
import { app, labelledPod, MEDIA_MOUNT } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfTemplate } from './judged.ts';

const BOTH_WAYS = { ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' };
const privileged = (...volumeMounts: Fields[]) =>
  app({ securityContext: { privileged: true }, volumeMounts });
const problem = (level: string, what: string) => ({
  code: 'MS204',
  level,
  path: 'spec.containers[0].volumeMounts[0].mountPropagation',
  message: `container sonarr mounts /mnt/media with mountPropagation "Bidirectional"${what}`,
  hint: 'Write mountPropagation: HostToContainer there, or take the field away and let the webhook add it.',
});

describe('MS204', () => {
  it('warns of Bidirectional in a privileged app', () => {
    expect(problemsOfTemplate(labelledPod({ containers: [privileged(BOTH_WAYS)] }))).toEqual([
      problem('warn', ', where HostToContainer is enough'),
    ]);
  });

  it('refuses it with private mounts, which it would carry to other pods', () => {
    const pod = labelledPod({ containers: [privileged(BOTH_WAYS)] }, { 'media-stack/mounts': 'private' });
    expect(problemsOfTemplate(pod)).toEqual([
      problem('deny', ': it carries the private mounts of this pod to the node and to other pods'),
    ]);
  });

  it('leaves an unprivileged app to MS203', () => {
    const pod = labelledPod({ containers: [app({ volumeMounts: [BOTH_WAYS] })] });
    expect(problemsOfTemplate(pod).map(({ code }) => code)).toEqual(['MS203']);
  });

  it.each<[string, Fields[]]>([
    ['HostToContainer', [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }]],
    ['no propagation, which the webhook adds', [MEDIA_MOUNT]],
    ['another volume', [MEDIA_MOUNT, { name: 'x', mountPath: '/x', mountPropagation: 'Bidirectional' }]],
    [
      'another path',
      [MEDIA_MOUNT, { name: 'x', mountPath: '/mnt/media2', mountPropagation: 'Bidirectional' }],
    ],
  ])('lets %s be', (_name, volumeMounts) => {
    expect(problemsOfTemplate(labelledPod({ containers: [privileged(...volumeMounts)] }))).toEqual([]);
  });

  it('leaves another volume at the media path to MS208', () => {
    const other = { name: 'x', mountPath: '/mnt/media', mountPropagation: 'Bidirectional' };
    const pod = labelledPod({ containers: [privileged(MEDIA_MOUNT, other)] });
    expect(problemsOfTemplate(pod).map(({ code }) => code)).toEqual(['MS208']);
  });

  it('lets a container be that is not the app', () => {
    const other = { ...privileged(BOTH_WAYS), name: 'exporter' };
    const pod = labelledPod({ containers: [app(), other] }, { 'media-stack/containers': 'sonarr' });
    expect(problemsOfTemplate(pod)).toEqual([]);
  });
});
