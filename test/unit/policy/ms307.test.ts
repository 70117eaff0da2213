import { describe, expect, it } from 'vitest';
import {
  handInitDirs,
  handSidecar,
  labelledPod,
  MEDIA_MOUNT,
  ONLY_ZURG,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfTemplate } from './judged.ts';

const owner = (command: string[], fields: Fields = {}) => ({
  name: 'owner',
  image: 'busybox:1.37',
  command,
  volumeMounts: [MEDIA_MOUNT],
  ...fields,
});
const CHOWN = ['chown', '-R', '1000:1000', '/mnt/media'];
const problems = (initContainer: Fields, annotations?: Record<string, string>) =>
  problemsOfTemplate(labelledPod({ initContainers: [initContainer] }, annotations));
const problem = (command: string, index = 0) => ({
  code: 'MS307',
  level: 'warn',
  path: `spec.initContainers[${index}]`,
  message: `init container owner runs ${JSON.stringify(command)} behind the sidecars, over everything in the cloud`,
  hint: 'Let it run before the mounts are there: media-stack/sidecar-position: "last". Or name the directories that it is about.',
});

describe('MS307 warns of', () => {
  it.each([
    [CHOWN],
    [['chmod', '-R', 'a+rX', '/mnt/media']],
    [['chgrp', '-hR', 'media', '/mnt/media/']],
    [['/bin/chown', '--recursive', '1000', '/mnt/media/zurg']],
    [['chown', '-R', '1000', '/mnt']],
    [['chown', '-R', '1000', '/']],
    [['chown', '-R', '1000', '/mnt/media/*']],
    [['chown', '-R', '1000', '/mnt/media*']],
    [['chown', '-R', '1000', '/*']],
    [['chown', '-R', '1000', '/config', '/mnt/media']],
  ])('%j', (command) => {
    expect(problems(owner(command))).toEqual([problem(command.join(' '))]);
  });

  it.each([
    ['mkdir -p /mnt/media/tv; chown -R 1000:1000 "/mnt/media"', 'chown -R 1000:1000 /mnt/media'],
    ['true && chmod -R 775 /mnt/media || true', 'chmod -R 775 /mnt/media'],
    ['chown 1000 /mnt/media\nchown -R 1000 /mnt/media', 'chown -R 1000 /mnt/media'],
    ['chown -R -h -v 1000 /a /b /mnt/media', 'chown -R -h -v 1000 /a'],
  ])('the shell text %j', (text, command) => {
    expect(problems(owner(['sh', '-c', text]))).toEqual([problem(command)]);
  });

  it('a command in args', () => {
    expect(problems(owner(['chown'], { args: ['-R', '1000', '/mnt/media'] }))).toEqual([
      problem('chown -R 1000 /mnt/media'),
    ]);
  });

  it('one behind a hand-written native sidecar', () => {
    const initContainers = [handInitDirs(), handSidecar('zurg'), owner(CHOWN)];
    expect(problemsOfTemplate(labelledPod({ initContainers }), { settings: ONLY_ZURG })).toEqual([
      problem(CHOWN.join(' '), 2),
    ]);
  });
});

describe('MS307 lets be', () => {
  it.each([
    [['chown', '1000:1000', '/mnt/media']],
    [['chown', '-R', '1000', '/config']],
    [['chown', '-R', '1000', '/mnt/media2']],
    [['chown', 'x-R', '/mnt/media']],
    [['chownall', '-R', '1000', '/mnt/media']],
    [['nice', '-R', 'chown', '1000', '/mnt/media']],
    [['sh', '-c', 'cd /config; chown -R 1000 *']],
    [['chown', '-R', '1000', '/mnt/media/config', '/mnt/media/archive']],
    [['chown', '-R', '1000', '/mnt/media/zurg2']],
    [['ls', '-R', '/mnt/media']],
    [['sh', '-c', 'chown 1000 /mnt/media; ls -R /mnt/media']],
    [['sh', '-c', 'echo mychown -R /mnt/media']],
    [['sh', '-c', 'echo run chown -R 1000 /mnt/media by hand']],
  ])('%j', (command) => {
    expect(problems(owner(command))).toEqual([]);
  });

  it.each([
    ['that does not have the volume', { volumeMounts: [] }],
    ['that has another volume there', { volumeMounts: [{ name: 'x', mountPath: '/mnt/media' }] }],
    ['that has it elsewhere', { volumeMounts: [{ name: 'media', mountPath: '/mnt/media2' }] }],
  ])('an init container %s', (_name, fields) => {
    expect(problems(owner(CHOWN, fields))).toEqual([]);
  });

  it('one that runs before the sidecars', () => {
    expect(problems(owner(CHOWN), { 'media-stack/sidecar-position': 'last' })).toEqual([]);
  });

  it('one beside plain sidecars, which start later', () => {
    expect(problems(owner(CHOWN), { 'media-stack/sidecar-mode': 'container' })).toEqual([]);
  });
});
