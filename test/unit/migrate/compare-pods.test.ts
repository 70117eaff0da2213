import jsonpatch from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { resolveIntent } from '../../../src/intent/intent.ts';
import { comparePods } from '../../../src/migrate/compare-pods.ts';
import { renderDifference } from '../../../src/migrate/difference.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import { ONLY_ZURG } from '../../support/labelled-pod.ts';
import { PLAIN, handPod, injected, migrate, migrated } from './hand-written.ts';

const BEFORE = handPod({ serviceAccountName: 'apps', affinity: { podAffinity: { a: 1 } } });
const AFTER = injected(migrated(BEFORE, migrate(BEFORE)), ONLY_ZURG);
const REPLACED = ['rclone-zurg', 'init-dirs'];

function compare(after: Pod) {
  const { intent } = resolveIntent(AFTER, ONLY_ZURG);
  const { broken, differences } = comparePods(BEFORE, after, REPLACED, intent);
  return { broken: broken.map(renderDifference), differences: differences.map(renderDifference) };
}

function changed(...operations: jsonpatch.Operation[]): Pod {
  return jsonpatch.applyPatch(structuredClone(AFTER), operations, true, true).newDocument;
}

it('finds the result of a migration equivalent, and says what is other', () => {
  expect(compare(AFTER)).toEqual({ broken: [], differences: [PLAIN] });
});

describe('what makes a pod another one', () => {
  const sidecar = AFTER.spec.initContainers?.findIndex(({ name }) => name === 'rclone-zurg') ?? -1;
  const at = `/spec/initContainers/${sidecar}`;
  const secret = AFTER.spec.volumes?.findIndex((volume) => volume['secret'] !== undefined) ?? -1;
  const args = AFTER.spec.initContainers?.[sidecar]?.args ?? [];
  const word = (value: string) => `${at}/args/${args.lastIndexOf(value)}`;

  it.each<readonly [what: string, pod: Pod, broken: readonly string[]]>([
    [
      'no sidecar',
      changed({ op: 'remove', path: at }),
      [
        'mount at /mnt/media/zurg (rclone-zurg): is not there any more',
        'zurg: from Secret rclone-zurg-config at /mnt/media/zurg (sonarr): is not seen there any more',
      ],
    ],
    [
      'another remote',
      changed({ op: 'replace', path: word('zurg:'), value: 'torbox:' }),
      [
        'zurg: from Secret rclone-zurg-config (rclone-zurg): becomes torbox: from Secret rclone-zurg-config',
        'zurg: from Secret rclone-zurg-config at /mnt/media/zurg (sonarr): is not seen there any more',
      ],
    ],
    [
      'another mount point',
      changed({ op: 'replace', path: word('/mnt/media/zurg'), value: '/mnt/media/other' }),
      [
        'mount at /mnt/media/zurg (rclone-zurg): is not there any more',
        'zurg: from Secret rclone-zurg-config at /mnt/media/zurg (sonarr): is not seen there any more',
      ],
    ],
    [
      'another Secret',
      changed({ op: 'replace', path: `/spec/volumes/${secret}/secret/secretName`, value: 'other' }),
      [
        'zurg: from Secret rclone-zurg-config (rclone-zurg): becomes zurg: from Secret other',
        'zurg: from Secret rclone-zurg-config at /mnt/media/zurg (sonarr): is not seen there any more',
      ],
    ],
    [
      'a sidecar without propagation',
      changed({ op: 'replace', path: `${at}/volumeMounts/0/mountPropagation`, value: 'None' }),
      ['zurg: from Secret rclone-zurg-config at /mnt/media/zurg (sonarr): is not seen there any more'],
    ],
    [
      'an app without propagation',
      changed({ op: 'replace', path: '/spec/containers/0/volumeMounts/0/mountPropagation', value: 'None' }),
      [
        'its mount at /mnt/media (sonarr): is not the same any more',
        'zurg: from Secret rclone-zurg-config at /mnt/media/zurg (sonarr): is not seen there any more',
      ],
    ],
    [
      'a volume over the mount',
      changed({
        op: 'add',
        path: '/spec/containers/0/volumeMounts/-',
        value: { name: 'x', mountPath: '/mnt/media/zurg' },
      }),
      ['zurg: from Secret rclone-zurg-config at /mnt/media/zurg (sonarr): is not seen there any more'],
    ],
    [
      'another media volume',
      changed({ op: 'replace', path: '/spec/volumes/0/persistentVolumeClaim/claimName', value: 'other' }),
      ['its mount at /mnt/media (sonarr): is not the same any more'],
    ],
    [
      'another app',
      changed({ op: 'replace', path: '/spec/containers/0/image', value: 'sonarr:5' }),
      ['its fields (sonarr): are not the same any more'],
    ],
    [
      'an app less',
      changed({ op: 'remove', path: '/spec/containers/0' }),
      ['the other containers: are not the same any more'],
    ],
    [
      'another affinity',
      changed({ op: 'remove', path: '/spec/affinity' }),
      ['the affinity: is not the same any more'],
    ],
    [
      'another field of the pod',
      changed({ op: 'remove', path: '/spec/serviceAccountName' }),
      ['the rest of the pod: is not the same any more'],
    ],
    [
      'another label',
      changed({ op: 'remove', path: '/metadata/labels/app' }),
      ['the rest of the pod: is not the same any more'],
    ],
  ])('%s', (_what, pod, broken) => {
    expect(compare(pod).broken).toEqual(broken);
  });
});
