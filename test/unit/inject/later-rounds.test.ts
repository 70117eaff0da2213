// Injection into a pod that was injected before, under other settings or annotations.
import { describe, expect, it } from 'vitest';
import { applyAndCheck } from '../../../src/inject/apply-and-check.ts';
import { decide } from '../../../src/inject/decide.ts';
import { uninject } from '../../../src/inject/uninject.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import { judgePod } from '../../../src/policy/judge.ts';
import { parseSettings } from '../../../src/settings/parse-settings.ts';
import type { Settings } from '../../../src/settings/schema.ts';
import { patchValue } from '../../../src/workload/patch-value.ts';

function settingsOf(text: string): Settings {
  const parsed = parseSettings(text, 'settings.yaml');
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.settings;
}

function injected(pod: Pod, settings: Settings): Pod {
  const applied = applyAndCheck(structuredClone(pod), decide({ pod, settings }), { settings });
  if (!applied.ok) throw new Error(applied.reason);
  return applied.pod;
}

function sonarr(annotations: Record<string, string> = {}): Pod {
  return {
    metadata: { name: 'sonarr', labels: { 'media-stack/cloud-mounts': 'true' }, annotations },
    spec: {
      containers: [{ name: 'sonarr', volumeMounts: [{ name: 'media', mountPath: '/mnt/media' }] }],
      volumes: [{ name: 'media', persistentVolumeClaim: { claimName: 'media-library-pvc' } }],
    },
  };
}

const argsOf = (pod: Pod) => (pod.spec.initContainers ?? []).map(({ name, args }) => [name, args]);

describe('a second injection', () => {
  it('keeps the kind of mounts that the sidecars have, whatever the settings say by then', () => {
    const first = injected(sonarr(), settingsOf(''));
    const { report } = decide({ pod: first, settings: settingsOf('media: { mounts: private }') });
    expect(report).toMatchObject({ outcome: 'skipped', reason: 'already_complete' });
  });

  it('adds an init-dirs for the remote that the first one does not make', () => {
    const private_ = { 'media-stack/mounts': 'private' };
    const first = injected(sonarr({ ...private_, 'media-stack/remotes': 'zurg' }), settingsOf(''));
    const annotations = { ...first.metadata?.annotations };
    delete annotations['media-stack/remotes'];
    const second = injected({ ...first, metadata: { ...first.metadata, annotations } }, settingsOf(''));
    expect(argsOf(second).filter(([name]) => String(name).includes('init-dirs'))).toEqual([
      ['media-stack-init-dirs', ['stay', '/mnt/media/.media-stack/torbox', '/mnt/media/torbox']],
      ['init-dirs', ['stay', '/mnt/media/.media-stack/zurg', '/mnt/media/zurg']],
    ]);
    expect(judgePod({ pod: second, settings: settingsOf('') })).toMatchObject({ problems: [] });
  });

  it('records each preference for nodes, and both are taken out again', () => {
    const first = injected(sonarr(), settingsOf('preferredNodes: [a]'));
    const second = injected(first, settingsOf('preferredNodes: [b]'));
    const result = uninject(second);
    if (result.outcome !== 'removed') throw new Error(result.reason);
    const back = patchValue(second, result.patch);
    expect({ back, left: result.left }).toEqual({ back: { ok: true, value: sonarr() }, left: [] });
  });
});

describe('a mount of ours that somebody changed', () => {
  it('stays and is named', () => {
    const bare = sonarr();
    const pod = injected(
      { ...bare, spec: { ...bare.spec, containers: [{ name: 'sonarr' }] } },
      settingsOf(''),
    );
    const [app] = structuredClone(pod).spec.containers;
    const mounts = (app?.volumeMounts ?? []).map((mount) => ({ ...mount, readOnly: true }));
    const changed: Pod = {
      ...pod,
      spec: { ...pod.spec, containers: [{ name: 'sonarr', volumeMounts: mounts }] },
    };
    expect(uninject(changed)).toMatchObject({
      left: ['container sonarr: the mount at /mnt/media was changed'],
    });
  });
});
