import jsonpatch from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { uninject } from '../../../src/inject/uninject.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import {
  app,
  injected,
  labelledPod,
  MEDIA_MOUNT,
  ONLY_ZURG,
  podOf,
  settingsOf,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';

type Loose = any; // eslint-disable-line typescript/no-explicit-any

/** The pod without the injection, and what was left in it. */
function takeOut(pod: Pod): { pod: Pod; left: readonly string[] } {
  const result = uninject(pod);
  if (result.outcome === 'skipped') throw new Error(result.reason);
  const { newDocument } = jsonpatch.applyPatch(
    structuredClone(pod),
    result.patch as jsonpatch.Operation[],
    true,
    true,
  );
  return { pod: newDocument, left: result.left };
}

/** Injects, lets `change` have its way with the pod, and takes the injection out. */
function after(
  original: Pod,
  change: (pod: Loose) => void,
  options = {},
): { pod: Loose; left: readonly string[] } {
  const pod = injected(original, options) as Loose;
  change(pod);
  return takeOut(pod as Pod);
}

describe('taking an injection out', () => {
  it.each<[string, Pod, Record<string, unknown>?]>([
    [
      'of a pod with all of it',
      labelledPod({ initContainers: [{ name: 'seed', volumeMounts: [MEDIA_MOUNT] }] }, { a: 'b' }),
    ],
    ['of a pod with none of it', { spec: { containers: [{ name: 'sonarr' }] } }, { assumeLabel: true }],
    [
      'where lists were null',
      {
        metadata: null,
        spec: {
          containers: [{ name: 'sonarr', volumeMounts: null }],
          volumes: null,
          initContainers: null,
          affinity: null,
        },
      },
      { assumeLabel: true, settings: settingsOf('preferredNodes: [n]') },
    ],
    [
      'where lists were empty',
      labelledPod(
        {
          initContainers: [],
          volumes: [],
          affinity: { nodeAffinity: {} },
          containers: [{ name: 'a', volumeMounts: [] }],
        },
        {},
      ),
      { settings: settingsOf('preferredNodes: [n]') },
    ],
    ['in container mode', labelledPod({}, { 'media-stack/sidecar-mode': 'container' })],
    ['with private mounts', labelledPod({}, { 'media-stack/mounts': 'private' })],
    [
      'of odd names',
      labelledPod({
        containers: ['__proto__', 'constructor', 'a~b'].map((name) => app({ name })),
        initContainers: [{ name: 'toString', volumeMounts: [MEDIA_MOUNT] }],
      }),
    ],
    [
      'with the same mount path in two spellings',
      labelledPod({ containers: [app({ volumeMounts: [{ name: 'media', mountPath: '/mnt//media/' }] })] }),
    ],
  ])('gives back what was there: %s', (_name, original, options = {}) => {
    expect(takeOut(injected(original, options))).toEqual({ pod: original, left: [] });
  });

  it('after two injections takes out both', () => {
    const original = labelledPod();
    const once = injected(original, { settings: ONLY_ZURG });
    const twice = injected(once);
    expect(takeOut(twice)).toEqual({ pod: original, left: [] });
  });

  it.each([podOf(), labelledPod(), labelledPod({}, { 'media-stack/status': 'broken' })])(
    'is nothing to do without a status that can be read: %#',
    (pod) => {
      expect(uninject(pod)).toEqual({ outcome: 'skipped', reason: 'no_status' });
    },
  );
});

describe('what somebody changed since', () => {
  it('stays where it does not concern us', () => {
    const { pod, left } = after(labelledPod(), (changed) => {
      changed.spec.containers[0].image = 'other';
      changed.spec.containers.push({ name: 'more' });
      changed.spec.volumes.push({ name: 'more', emptyDir: {} });
      changed.spec.initContainers.unshift({ name: 'proxy-init' });
      changed.metadata.annotations.other = 'x';
    });
    const expected = structuredClone(labelledPod({}, { other: 'x' })) as Loose;
    expected.spec.containers = [{ ...expected.spec.containers[0], image: 'other' }, { name: 'more' }];
    expected.spec.volumes.push({ name: 'more', emptyDir: {} });
    expected.spec.initContainers = [{ name: 'proxy-init' }];
    expect({ pod, left }).toEqual({ pod: expected, left: [] });
  });

  it('is named: another propagation', () => {
    const { pod, left } = after(labelledPod(), (changed) => {
      changed.spec.containers[0].volumeMounts[0].mountPropagation = 'Bidirectional';
    });
    expect(left).toEqual(['container sonarr: mountPropagation of /mnt/media was changed']);
    expect(pod.spec.containers[0].volumeMounts[0].mountPropagation).toBe('Bidirectional');
  });

  it('is named: another preference for nodes', () => {
    const settings = settingsOf('preferredNodes: [a, b]');
    const preferred = (pod: Loose) =>
      pod.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution as Loose[];
    const { pod, left } = after(
      labelledPod(),
      (changed) => {
        preferred(changed)[0].weight = 1;
      },
      { settings },
    );
    expect(left).toEqual(['spec.affinity: the preference for a, b was changed']);
    expect(preferred(pod)).toHaveLength(1);
  });

  it('stays beside: a second preference', () => {
    const { pod, left } = after(
      labelledPod(),
      (changed) => {
        changed.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution.unshift({
          weight: 1,
        });
      },
      { settings: settingsOf('preferredNodes: [a]') },
    );
    expect([pod.spec.affinity, left]).toEqual([
      { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] } },
      [],
    ]);
  });

  it('stays and is named: a volume of ours that a container of theirs mounts', () => {
    const { pod, left } = after(labelledPod(), (changed) => {
      const volumeMounts = [{ name: 'rclone-config', mountPath: '/conf' }];
      changed.spec.containers.push({ name: 'backup', volumeMounts });
    });
    expect(pod.spec.volumes.map(({ name }: Fields) => name)).toEqual(['media', 'rclone-config']);
    expect(left).toEqual([expect.stringContaining('rclone-config')]);
  });

  it('stays and is named: a volume of our name with another source', () => {
    const { pod, left } = after(labelledPod(), (changed) => {
      changed.spec.volumes[1] = { name: 'rclone-zurg-config', configMap: { name: 'mine' } };
    });
    expect(pod.spec.volumes).toContainEqual({ name: 'rclone-zurg-config', configMap: { name: 'mine' } });
    expect(left).toEqual([expect.stringContaining('rclone-zurg-config')]);
  });

  it('stays and is named: a sidecar that was replaced by a hand-written one', () => {
    const { pod, left } = after(labelledPod(), (changed) => {
      changed.spec.initContainers[1] = { name: 'rclone-zurg', image: 'mine', command: ['rclone', 'mount'] };
    });
    expect(pod.spec.initContainers).toEqual([
      { name: 'rclone-zurg', image: 'mine', command: ['rclone', 'mount'] },
    ]);
    expect(left).toEqual([expect.stringContaining('rclone-zurg')]);
  });

  it('is no matter: a sidecar or volume that is gone already', () => {
    const { pod, left } = after(labelledPod(), (changed) => {
      changed.spec.initContainers = changed.spec.initContainers.slice(0, 1);
      changed.spec.volumes = changed.spec.volumes.slice(0, 2);
    });
    expect({ pod, left }).toEqual({ pod: labelledPod(), left: [] });
  });

  it('is no matter: containers in another order', () => {
    const { pod, left } = after(labelledPod({}, { 'media-stack/sidecar-mode': 'container' }), (changed) => {
      changed.spec.containers.reverse();
      changed.spec.volumes.reverse();
    });
    expect({ pod, left }).toEqual({
      pod: labelledPod({}, { 'media-stack/sidecar-mode': 'container' }),
      left: [],
    });
  });
});
