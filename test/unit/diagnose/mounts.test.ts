import { describe, expect, it } from 'vitest';
import type { MountEvidence } from '../../../src/check/judge-mount.ts';
import type { MountEntry } from '../../../src/check/mount-table.ts';
import type { Answer } from '../../../src/check/parse-reading.ts';
import { known } from '../../../src/diagnose/known.ts';
import { codesOf, handWritten, injected, LABELLED, runCheck } from './some-facts.ts';
import type { FactsOf } from './some-facts.ts';

const FUSE: MountEntry = {
  at: '/mnt/media/zurg',
  type: 'fuse.rclone',
  source: 'zurg:',
  shared: null,
  master: null,
  readOnly: true,
};
const volume = (shared: number | null, master: number | null): MountEntry => ({
  ...FUSE,
  at: '/mnt/media',
  type: 'nfs4',
  source: 'nas:/media',
  shared,
  master,
});

interface Evidence {
  readonly sidecar?: readonly MountEntry[];
  readonly app?: readonly MountEntry[];
  readonly backend?: Answer;
  readonly statfs?: Answer;
}

const OK: Answer = { outcome: 'ok' };

function evidence({
  sidecar = [volume(7, null), FUSE],
  app = [volume(null, 7), FUSE],
  backend = OK,
  statfs = OK,
}: Evidence = {}): FactsOf {
  const found: MountEvidence = {
    pod: { namespace: 'media', name: 'sonarr-1', workload: 'deployment/sonarr' },
    podState: null,
    sidecarState: null,
    restarts: null,
    backend: { table: sidecar, answer: backend, tookMs: 3 },
    seen: {
      container: 'sonarr',
      table: app,
      reading: {
        statfs,
        listing:
          backend.outcome === 'ok' && statfs.outcome === 'ok' ? { answer: OK, entries: 12, tookMs: 3 } : null,
      },
    },
    unseen: null,
  };
  return { object: handWritten({}), mounts: known([found]) };
}

describe('mount-table', () => {
  it('shows the peer groups', () => {
    expect(runCheck('mount-table', evidence())).toMatchObject({
      status: 'ok',
      looked: 'zurg: shared:7 -> master:7',
    });
  });

  it.each<[string, Evidence, string[]]>([
    [
      'the volume of the sidecar is private',
      { sidecar: [volume(null, null), FUSE] },
      ['fail volume_not_shared'],
    ],
    ['the volume of the app is private', { app: [volume(null, null), FUSE] }, ['fail volume_private']],
    ['the two are of other groups', { app: [volume(null, 8), FUSE] }, ['warn other_peer_group']],
    ['two mounts lie on top of each other', { app: [volume(null, 7), FUSE, FUSE] }, ['warn stacked_mounts']],
    ['nothing is mounted', { sidecar: [volume(7, null)] }, ['fail not_mounted']],
  ])('%s', (_what, found, codes) => {
    expect(codesOf(runCheck('mount-table', evidence(found)))).toEqual(codes);
  });
});

describe('mounts', () => {
  it('counts the entries', () => {
    expect(runCheck('mounts', evidence())).toMatchObject({
      status: 'ok',
      looked: '/mnt/media/zurg/__all__ 12 entries',
    });
  });

  it('names a dead mount, and how to take it away before the pod', () => {
    const statfs: Answer = { outcome: 'error', message: 'Transport endpoint is not connected' };
    expect(runCheck('mounts', evidence({ statfs }))?.findings).toEqual([
      {
        code: 'dead_mount',
        level: 'fail',
        found:
          '/mnt/media/zurg/__all__: /mnt/media/zurg is dead (Transport endpoint is not connected): its rclone is gone',
        cause: 'the rclone that made the mount was killed and left it; nothing has cleared it',
        mend: [
          'kubectl exec sonarr-1 -n media -c rclone-zurg -- fusermount3 -uz /mnt/media/zurg',
          'then: kubectl rollout restart deployment/sonarr -n media (with a dead mount in it the pod would stay in Terminating)',
          'an injected sidecar clears dead mounts itself: media-stack migrate replaces a hand-written one',
        ],
        yaml: null,
        symptom: 'mount_unreadable',
        role: 'cause',
      },
    ]);
  });

  it.each<[Answer, string]>([
    [{ outcome: 'timeout' }, 'fail backend_silent'],
    [{ outcome: 'error', message: "couldn't list files: 401 Unauthorized" }, 'fail wrong_password'],
    [
      { outcome: 'error', message: 'dial tcp 127.0.0.1:9999: connect: connection refused' },
      'fail server_refuses',
    ],
    [{ outcome: 'error', message: 'dial tcp: lookup zurg: no such host' }, 'fail no_such_host'],
    [{ outcome: 'error', message: 'something new' }, 'fail backend_error'],
  ])('the server answers %j', (backend, code) => {
    expect(codesOf(runCheck('mounts', evidence({ backend })))).toEqual([code]);
  });

  it('is known issue 1 where the app does not see what the sidecar has mounted', () => {
    expect(runCheck('mounts', evidence({ app: [volume(null, 7)] }))?.findings).toMatchObject([
      { code: 'not_visible', role: 'effect', symptom: 'mount_not_visible' },
    ]);
  });

  it('says which right is missing', () => {
    const unseen = { reason: 'not_allowed', message: 'no' } as const;
    const { mounts } = evidence();
    const value =
      mounts?.state === 'known'
        ? mounts.value.map((found) => ({ ...found, backend: null, seen: null, unseen }))
        : [];
    expect(runCheck('mounts', { object: handWritten({}), mounts: known(value) })?.findings[0]?.found).toBe(
      'the mounts cannot be read: kubectl auth can-i get pods --subresource=exec -n media says no',
    );
  });
});

describe('shared-mounts', () => {
  const neighbour = {
    ...injected(),
    metadata: { ...(LABELLED['metadata'] as object), name: 'radarr-1', uid: 'u2' },
  };
  const neighbours = known([neighbour]);

  it('is no question for NFS, of which each pod has a mount of its own', () => {
    expect(runCheck('shared-mounts', { neighbours })).toMatchObject({
      status: 'ok',
      looked: 'each pod has a mount of its own of this volume',
    });
  });

  it.each([
    ['local', 'fail mount_shared'],
    ['hostPath', 'fail mount_shared'],
    ['csi', 'warn mount_shared'],
  ])('names the other pod for a volume of kind %s', (kind, code) => {
    const result = runCheck('shared-mounts', { neighbours, volume: known({ spec: { [kind]: {} } }) });
    expect(codesOf(result)).toEqual([code]);
    expect(result?.findings[0]).toMatchObject({
      found: `pod media/radarr-1 mounts at the same place of the same volume (${kind}) on this node`,
      yaml: 'metadata:\n  annotations:\n    media-stack/mounts: "private"\n',
    });
  });

  it('has nothing against private mounts, and a pod of another claim', () => {
    const asked = {
      ...LABELLED,
      metadata: { ...(LABELLED['metadata'] as object), annotations: { 'media-stack/mounts': 'private' } },
    };
    const local = { neighbours, volume: known({ spec: { local: {} } }) };
    expect(codesOf(runCheck('shared-mounts', { ...local, object: injected(asked as never) }))).toEqual([]);
    const elsewhere = { ...neighbour, metadata: { ...neighbour.metadata, namespace: 'other' } };
    expect(codesOf(runCheck('shared-mounts', { ...local, neighbours: known([elsewhere]) }))).toEqual([]);
  });
});

describe('stream-links', () => {
  const links = (...found: [string, boolean | null][]) =>
    known({
      root: '/mnt/media/stream',
      more: false,
      links: found.map(([target, broken], index) => ({
        path: `/mnt/media/stream/${index}.mkv`,
        target,
        broken,
      })),
    });

  it('counts them', () => {
    const result = runCheck('stream-links', {
      ...evidence(),
      links: links(['../zurg/__all__/a.mkv', false]),
    });
    expect(result).toMatchObject({ status: 'ok', looked: '1 links in /mnt/media/stream' });
  });

  it('is known issue 4 where the target mount is missing, though no link was touched', () => {
    const backend: Answer = { outcome: 'timeout' };
    const result = runCheck('stream-links', {
      ...evidence({ backend }),
      links: links(['../zurg/__all__/a.mkv', null]),
    });
    expect(result?.findings).toMatchObject([
      {
        code: 'link_target_unmounted',
        found: '1 of 1 links lead nowhere, e.g. /mnt/media/stream/0.mkv -> ../zurg/__all__/a.mkv',
        cause: 'their target /mnt/media/zurg is missing: the server behind zurg: does not answer',
        symptom: 'broken_symlinks',
      },
    ]);
  });

  it('tells files that are gone from targets outside of every mount', () => {
    const found = links(['/mnt/media/zurg/__all__/gone.mkv', true], ['/data/zurg/b.mkv', true]);
    expect(codesOf(runCheck('stream-links', { ...evidence(), links: found }))).toEqual([
      'fail link_target_gone',
      'fail link_outside',
    ]);
  });
});
