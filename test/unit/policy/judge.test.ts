import { describe, expect, it } from 'vitest';
import { MOUNTS_LABEL } from '../../../src/intent/labels.ts';
import { RULES } from '../../../src/policy/catalogue.ts';
import { judgePod, judgeTemplate } from '../../../src/policy/judge.ts';
import { authorPath } from '../../../src/policy/author-path.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import {
  app,
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  MEDIA_MOUNT,
  podOf,
  settingsOf,
} from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const codes = (problems: readonly { code: string; level: string }[]) =>
  problems.map(({ code, level }) => `${code} ${level}`);

describe('the catalogue', () => {
  it('is in the order of the IDs, each one once', () => {
    const ids = RULES.map((rule) => rule.id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  it.each(RULES)('$id says what and why in full sentences', (rule) => {
    expect(rule).toMatchObject({
      id: expect.stringMatching(/^MS\d{3}$/),
      title: expect.stringMatching(/^\S.*[^.]$/),
      why: expect.stringMatching(/^\S.*[.)]$/),
    });
  });
});

describe('levels', () => {
  const pod = labelledPod({ hostUsers: false, runtimeClassName: 'kata' });

  it.each([
    ['', ['MS306 deny', 'MS306 warn']],
    ['policy: { rules: { MS306: warn } }', ['MS306 warn', 'MS306 warn']],
    ['policy: { rules: { MS306: deny } }', ['MS306 deny', 'MS306 deny']],
    ['policy: { rules: { MS306: off } }', []],
    ['policy: { rules: { MS101: off } }', ['MS306 deny', 'MS306 warn']],
  ])('are those of the settings: %j', (yaml, expected) => {
    expect(codes(problemsOfTemplate(pod, { settings: settingsOf(yaml) }))).toEqual(expected);
  });
});

describe('waivers by media-stack/ignore', () => {
  const pinned = { hostUsers: false, runtimeClassName: 'kata' };
  const judged = (ignore: string, yaml = '') => {
    const pod = labelledPod(pinned, { 'media-stack/ignore': ignore });
    const verdict = judgeTemplate({ pod, settings: settingsOf(yaml) });
    if (!verdict.judged) throw new Error(verdict.reason);
    return { problems: codes(verdict.problems), waived: codes(verdict.waived) };
  };

  it.each([
    [
      'a warning is waived, a denial stays',
      'MS306',
      '',
      { problems: ['MS306 deny'], waived: ['MS306 warn'] },
    ],
    [
      'a denial is waived where the settings allow it',
      'MS306',
      'policy: { waivers: all }',
      { problems: [], waived: ['MS306 deny', 'MS306 warn'] },
    ],
    [
      'a denial that the settings made a warning is waived',
      'MS306',
      'policy: { rules: { MS306: warn } }',
      { problems: [], waived: ['MS306 warn', 'MS306 warn'] },
    ],
    [
      'only the rules that are named',
      'MS101,MS404',
      'policy: { waivers: all }',
      { problems: ['MS306 deny', 'MS306 warn'], waived: [] },
    ],
  ])('%s', (_name, ignore, yaml, expected) => {
    expect(judged(ignore, yaml)).toEqual(expected);
  });

  it('do not reach what no injection can act on: the pod would be refused all the same', () => {
    const annotations = { 'media-stack/ignore': 'MS208,MS503', 'media-stack/mount': 'x' };
    const other = app({ name: 'other', volumeMounts: [{ name: 'x', mountPath: '/mnt/media' }] });
    const pod = labelledPod({ containers: [app(), other] }, annotations);
    const verdict = judgeTemplate({ pod, settings: settingsOf('policy: { waivers: all }') });
    expect(verdict).toMatchObject({
      problems: [{ code: 'MS503' }, { code: 'MS208' }],
      waived: [],
    });
  });
});

describe('the order of problems', () => {
  it('is by path, then by code', () => {
    const pod = labelledPod({
      nodeName: 'node2',
      nodeSelector: { 'kubernetes.io/hostname': 'node2' },
      hostUsers: false,
      containers: [app({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'None' }] })],
    });
    expect(problemsOfTemplate(pod).map(({ code, path }) => `${path} ${code}`)).toEqual([
      'spec.containers[0].volumeMounts[0].mountPropagation MS201',
      'spec.hostUsers MS306',
      'spec.nodeName MS103',
      'spec.nodeSelector[kubernetes.io/hostname] MS101',
    ]);
  });
});

describe('a template that needs nothing more', () => {
  it('is judged by what it is: nothing will be put right', () => {
    const seeing = { ...MEDIA_MOUNT, mountPropagation: 'None' };
    const pod = labelledPod({
      containers: [app({ volumeMounts: [seeing] })],
      initContainers: [handInitDirs(), handSidecar('zurg'), handSidecar('torbox')],
    });
    expect(codes(problemsOfTemplate(pod))).toEqual(['MS201 deny']);
  });
});

describe('hand-written sidecars', () => {
  const sidecar = { initContainers: [handInitDirs(), handSidecar('zurg', { image: 'rclone/rclone' })] };

  it.each([
    ['without the label', podOf(sidecar)],
    ['with the label "false"', podOf(sidecar, { labels: { [MOUNTS_LABEL]: 'false' } })],
    ['of a pod that wants no remote', labelledPod(sidecar, { 'media-stack/remotes': '' })],
  ])('are judged in lint %s, and not at admission', (_name, pod) => {
    expect(codes(problemsOfTemplate(pod, { use: 'lint' }))).toEqual(['MS201 deny', 'MS404 warn']);
    expect(judgeTemplate({ pod, settings: defaultSettings() }).judged).toBe(false);
  });

  it.each([
    ['windows_pod', labelledPod({ ...sidecar, os: { name: 'windows' } })],
    ['mirror_pod', labelledPod(sidecar, { 'kubernetes.io/config.mirror': 'x' })],
  ])('are not judged in what the kubelet could not give mounts to: %s', (reason, pod) => {
    expect(judgeTemplate({ pod, settings: defaultSettings(), use: 'lint' })).toEqual({
      judged: false,
      reason,
    });
  });
});

describe('what is not judged', () => {
  it.each([
    ['label_absent', podOf({ hostUsers: false })],
    ['label_false', podOf({ hostUsers: false }, { labels: { [MOUNTS_LABEL]: 'false' } })],
    ['windows_pod', labelledPod({ hostUsers: false, os: { name: 'windows' } })],
    ['mirror_pod', labelledPod({ hostUsers: false }, { 'kubernetes.io/config.mirror': 'x' })],
    ['no_remotes_selected', labelledPod({ hostUsers: false }, { 'media-stack/remotes': '' })],
  ])('%s', (reason, pod) => {
    const input = { pod, settings: defaultSettings() };
    expect([judgePod(input), judgeTemplate(input)]).toEqual([
      { judged: false, reason },
      { judged: false, reason },
    ]);
  });

  it('a pod without the label is judged when the label is assumed', () => {
    expect(codes(problemsOfTemplate(podOf({ hostUsers: false }), { assumeLabel: true }))).toEqual([
      'MS306 deny',
    ]);
  });
});

describe('a template that the webhook would refuse', () => {
  // What is missing is missing after injection (spec 3): nobody is told to run the webhook for a slip of the pen.
  it('is not told that its sidecars or its propagation are missing, but of the slip', () => {
    expect(codes(problemsOfTemplate(labelledPod({}, { 'media-stack/mount': 'x' })))).toEqual(['MS503 deny']);
  });

  it('is not told so for two volumes at the media path either', () => {
    const exporter = app({ name: 'exporter', volumeMounts: [{ name: 'x', mountPath: '/mnt/media' }] });
    expect(codes(problemsOfTemplate(labelledPod({ containers: [app(), exporter] })))).toEqual(['MS208 deny']);
  });

  it('is told what else its author wrote wrongly', () => {
    const pod = labelledPod({ hostUsers: false }, { 'media-stack/mount': 'x' });
    expect(codes(problemsOfTemplate(pod))).toEqual(['MS503 deny', 'MS306 deny']);
  });
});

describe('a pod that was not injected', () => {
  it('is refused for what is missing and for the annotation that kept it from being injected', () => {
    const pod = labelledPod({}, { 'media-stack/mount': 'x' });
    expect(codes(problemsOfPod(pod))).toEqual(['MS503 deny', 'MS201 deny', 'MS302 deny', 'MS302 deny']);
  });
});

describe('places in a template', () => {
  const seed = {
    name: 'seed',
    image: 'busybox',
    volumeMounts: [{ name: 'x', mountPath: '/x', mountPropagation: 'Bidirectional' }],
  };

  it('are those of the author, although injection moved the init container', () => {
    expect(problemsOfTemplate(labelledPod({ initContainers: [seed] })).map(({ path }) => path)).toEqual([
      'spec.initContainers[0].volumeMounts[0].mountPropagation',
    ]);
  });

  it('are those of the author, although plain sidecars stand before the app', () => {
    const pod = labelledPod(
      { containers: [app({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'None' }] })] },
      { 'media-stack/sidecar-mode': 'container' },
    );
    expect(problemsOfTemplate(pod).map(({ path }) => path)).toEqual([
      'spec.containers[0].volumeMounts[0].mountPropagation',
    ]);
  });

  it('are those of the pod when it is judged as it stands', () => {
    const pod = injected(labelledPod({ initContainers: [seed] }));
    expect(problemsOfPod(pod).map(({ path }) => path)).toEqual([
      'spec.initContainers[3].volumeMounts[0].mountPropagation',
    ]);
  });

  const original = labelledPod({ initContainers: [seed] });
  const after = injected(original);
  it.each([
    ['spec.initContainers[3].image', 'spec.initContainers[0].image'],
    ['spec.initContainers[3]', 'spec.initContainers[0]'],
    ['spec.initContainers[1].image', 'spec.initContainers[rclone-zurg].image'],
    ['spec.initContainers', 'spec.initContainers'],
    ['spec.containers[0].image', 'spec.containers[0].image'],
    ['spec.volumes[0]', 'spec.volumes[0]'],
    ['metadata.annotations[media-stack/mounts]', 'metadata.annotations[media-stack/mounts]'],
    ['spec.initContainers[99].image', 'spec.initContainers[99].image'],
    ['spec.containers', 'spec.containers'],
    ['spec.containers[x]', 'spec.containers[x]'],
  ])('%s of the injected pod is %s of the author', (path, expected) => {
    expect(authorPath(original)(path, after)).toBe(expected);
  });

  it('are left as they are where there is no such list', () => {
    expect(authorPath(podOf())('spec.initContainers[0]', podOf())).toBe('spec.initContainers[0]');
  });
});

describe('the findings of one rule', () => {
  it('are 50 at most', () => {
    const mount = { name: 'x', mountPath: '/x', mountPropagation: 'Bidirectional' };
    const volumeMounts = Array.from({ length: 60 }, (_, index) => ({ ...mount, mountPath: `/x${index}` }));
    const pod = labelledPod({ containers: [app(), app({ name: 'other', volumeMounts })] });
    expect(problemsOfTemplate(pod).map(({ code }) => code)).toEqual(
      Array.from({ length: 50 }, () => 'MS203'),
    );
  });
});

describe('judging', () => {
  it('leaves a pod as it is', () => {
    const pod = labelledPod({ initContainers: [handSidecar('zurg')] });
    const before = structuredClone(pod);
    judgePod({ pod, settings: defaultSettings() });
    expect(pod).toEqual(before);
  });

  it('counts a volume of a claim template as one that is there', () => {
    const pod: Pod = podOf(
      { volumes: [], containers: [app({ volumeMounts: [{ name: 'library', mountPath: '/mnt/media' }] })] },
      { labels: { [MOUNTS_LABEL]: 'true' } },
    );
    expect(problemsOfTemplate(pod, { claimTemplates: ['library'] })).toEqual([]);
  });
});
