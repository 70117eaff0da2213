import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/pod/pod.ts';
import {
  app,
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  MEDIA_MOUNT,
  ONLY_ZURG,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const SCAN = { name: 'scan', image: 'scanner', volumeMounts: [MEDIA_MOUNT] };
const problems = (initContainers: Fields[], annotations?: Record<string, string>) =>
  problemsOfTemplate(labelledPod({ initContainers }, annotations), { settings: ONLY_ZURG });
const early = (index: number, sidecars: string) => ({
  code: 'MS304',
  level: 'deny',
  path: `spec.initContainers[${index}]`,
  message: `init container scan uses /mnt/media but runs before ${sidecars}`,
  hint: 'Move the sidecars in front of it; if it must run without the mounts, say so: media-stack/sidecar-position: "last".',
});
const late = (index: number, sidecar: string, initDirs = 'init-dirs') => ({
  code: 'MS304',
  level: 'deny',
  path: `spec.initContainers[${index}]`,
  message: `sidecar ${sidecar} starts before ${initDirs}, which makes its mount point`,
  hint: 'Put init-dirs first among the init containers.',
});

describe('MS304 refuses', () => {
  it('an init container that uses the mounts in front of the sidecar', () => {
    expect(problems([handInitDirs(), SCAN, handSidecar('zurg')])).toEqual([early(1, 'rclone-zurg')]);
  });

  it('the same in front of two sidecars, in one sentence', () => {
    const initContainers = [handInitDirs(), SCAN, handSidecar('zurg'), handSidecar('torbox')];
    expect(problemsOfTemplate(labelledPod({ initContainers }))).toEqual([
      early(1, 'rclone-zurg, rclone-torbox'),
    ]);
  });

  it.each([
    [3, 'rclone-zurg, a, b'],
    [4, 'rclone-zurg, a, b, ...'],
  ])('the same in front of %i sidecars, of which three are named', (count, named) => {
    const others = ['a', 'b', 'c'].slice(0, count - 1).map((name) => handSidecar('zurg', { name }));
    expect(problems([handInitDirs(), SCAN, handSidecar('zurg'), ...others])).toEqual([early(1, named)]);
  });

  it('a sidecar in front of the init container that makes its mount point', () => {
    const own = {
      args: undefined,
      command: ['sh', '-c', 'mkdir -p /mnt/media/zurg; rclone mount zurg: /mnt/media/zurg --read-only'],
    };
    expect(problems([handSidecar('zurg', own), handInitDirs()])).toEqual([late(0, 'rclone-zurg')]);
  });

  it('an injected pod whose init containers another webhook has turned round', () => {
    const pod = structuredClone(injected(labelledPod({ initContainers: [SCAN] }))) as unknown as {
      spec: { initContainers: unknown[] };
    };
    pod.spec.initContainers.reverse();
    expect(problemsOfPod(pod as unknown as Pod)).toEqual([
      early(0, 'rclone-torbox, rclone-zurg'),
      late(1, 'rclone-torbox'),
      late(2, 'rclone-zurg'),
    ]);
  });

  it('plain sidecars that another webhook has put behind the app', () => {
    const pod = structuredClone(
      injected(labelledPod({}, { 'media-stack/sidecar-mode': 'container' })),
    ) as unknown as { spec: { containers: unknown[] } };
    pod.spec.containers.reverse();
    expect(problemsOfPod(pod as unknown as Pod)).toEqual(
      [1, 2].map((index) => ({
        code: 'MS304',
        level: 'deny',
        path: `spec.containers[${index}]`,
        message: `sidecar rclone-${index === 1 ? 'torbox' : 'zurg'} stands behind the app container sonarr, which would start without its mounts`,
        hint: 'Move it in front of the app. If it was injected, another webhook has changed the order: let that one append.',
      })),
    );
  });
});

describe('MS304 lets be', () => {
  it('plain sidecars where they were injected', () => {
    expect(problemsOfTemplate(labelledPod({}, { 'media-stack/sidecar-mode': 'container' }))).toEqual([]);
  });

  it('hand-written plain sidecars behind the app: they hold nothing back wherever they stand', () => {
    const containers = [app(), handSidecar('zurg', { restartPolicy: undefined })];
    expect(
      problemsOfTemplate(labelledPod({ containers, initContainers: [handInitDirs()] }), {
        settings: ONLY_ZURG,
      }),
    ).toEqual([]);
  });

  it('an init container behind the sidecar', () => {
    expect(problems([handInitDirs(), handSidecar('zurg'), SCAN])).toEqual([]);
  });

  it('an init container that the injected sidecars stand in front of', () => {
    expect(problemsOfTemplate(labelledPod({ initContainers: [SCAN] }))).toEqual([]);
  });

  it.each([
    ['does not have the volume', { ...SCAN, volumeMounts: [] }],
    [
      'has it elsewhere',
      { ...SCAN, volumeMounts: [{ name: 'media', mountPath: '/config', subPath: 'config' }] },
    ],
    [
      'has another volume at the media path',
      { ...SCAN, volumeMounts: [{ name: 'x', mountPath: '/mnt/media' }] },
    ],
  ])('an init container that %s, wherever it stands', (_name, container) => {
    expect(problems([handInitDirs(), container, handSidecar('zurg')])).toEqual([]);
  });

  it('an init container in front when the pod wants its sidecars last', () => {
    const last = { 'media-stack/sidecar-position': 'last' };
    expect(problems([handInitDirs(), SCAN, handSidecar('zurg')], last)).toEqual([]);
  });

  it('the injected pod that wants its sidecars last', () => {
    const last = { 'media-stack/sidecar-position': 'last' };
    expect(problemsOfPod(injected(labelledPod({ initContainers: [SCAN] }, last)))).toEqual([]);
  });

  it('an init container in front of a plain container', () => {
    const containers = [app(), { name: 'a' }, handSidecar('zurg', { restartPolicy: undefined })];
    const pod = labelledPod(
      { initContainers: [handInitDirs(), SCAN], containers },
      { 'media-stack/sidecar-mode': 'container' },
    );
    expect(problemsOfTemplate(pod, { settings: ONLY_ZURG })).toEqual([]);
  });

  it('an init-dirs behind the sidecar where another one stands in front', () => {
    const pod = injected(labelledPod({ initContainers: [handInitDirs()] }));
    expect(pod.spec.initContainers?.map(({ name }) => name)).toEqual([
      'media-stack-init-dirs',
      'rclone-zurg',
      'rclone-torbox',
      'init-dirs',
    ]);
    expect(problemsOfPod(pod)).toEqual([]);
  });

  it.each([
    ['without an init-dirs', []],
    [
      'in front of an init-dirs of its own kind, which keeps running',
      [handInitDirs({ restartPolicy: 'Always' })],
    ],
  ])('a sidecar that makes its mount point itself, %s', (_name, others) => {
    const command = ['sh', '-c', 'mkdir -p /mnt/media/zurg; rclone mount zurg: /mnt/media/zurg --read-only'];
    expect(problems([handSidecar('zurg', { args: undefined, command }), ...others])).toEqual([]);
  });
});
