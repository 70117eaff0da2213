import { describe, expect, it } from 'vitest';
import type { ExpectedMounts } from '../../../src/check/expected-mounts.ts';
import { judgeMount } from '../../../src/check/judge-mount.ts';
import type { MountEvidence } from '../../../src/check/judge-mount.ts';
import type { MountEntry } from '../../../src/check/mount-table.ts';

const POINT = '/mnt/media/zurg';
const SIDECAR = {
  container: 'rclone-zurg',
  source: 'zurg:',
  configFlags: [],
  isSmall: false,
  answersStatfs: true,
};
const MOUNT = {
  remote: 'zurg',
  point: POINT,
  mountedAt: POINT,
  listed: `${POINT}/__all__`,
  sidecar: SIDECAR,
};
const EXPECTED: ExpectedMounts = {
  mediaPath: '/mnt/media',
  label: 'true',
  apps: ['sonarr'],
  appsWithoutMedia: [],
  mounts: [MOUNT],
};
const FUSE: MountEntry = {
  at: POINT,
  type: 'fuse.rclone',
  source: 'zurg:',
  shared: null,
  master: 3,
  readOnly: true,
};
const LISTING = { answer: { outcome: 'ok' }, entries: 1423, tookMs: 200 } as const;
const OK = { outcome: 'ok' } as const;
const TIMEOUT = { outcome: 'timeout' } as const;

const evidence = (fields: Partial<MountEvidence> = {}): MountEvidence => ({
  pod: { namespace: 'media', name: 'sonarr-1', workload: 'deployment/sonarr' },
  podState: null,
  sidecarState: null,
  restarts: null,
  backend: { table: [FUSE], answer: OK, tookMs: 90 },
  seen: { container: 'sonarr', table: [FUSE], reading: { statfs: OK, listing: LISTING } },
  unseen: null,
  ...fields,
});
const seen = (reading: object, table: readonly MountEntry[] = [FUSE]): Partial<MountEvidence> => ({
  seen: { container: 'sonarr', table, reading: { statfs: OK, listing: LISTING, ...reading } },
});
const LIMITS = { minEntries: 1000, maxCount: 25_000 };
const judge = (
  fields: Partial<MountEvidence> = {},
  mount = MOUNT as ExpectedMounts['mounts'][0],
  pod = EXPECTED,
) => judgeMount(mount, pod, evidence(fields), LIMITS);

describe('a mount', () => {
  it('that is there, answers and is full is fine', () => {
    expect(judge()).toEqual({
      remote: 'zurg',
      path: '/mnt/media/zurg/__all__',
      status: 'ok',
      reason: 'ok',
      message: '',
      mend: '',
      container: 'sonarr',
      sidecar: 'rclone-zurg',
      mounted: true,
      entries: 1423,
      moreEntries: false,
      listingMs: 200,
      backendMs: 90,
    });
  });

  it('is counted up to the bound', () => {
    expect(judge(seen({ listing: { ...LISTING, entries: 25_001 } }))).toMatchObject({
      status: 'ok',
      entries: 25_000,
      moreEntries: true,
    });
    expect(judge(seen({ listing: { ...LISTING, entries: 25_000 } }))).toMatchObject({
      entries: 25_000,
      moreEntries: false,
    });
  });

  const NO_SIDECAR = { ...MOUNT, sidecar: null };
  const UNLABELLED = { ...EXPECTED, label: 'absent' as const };

  // In the order in which the first that holds is told.
  it.each([
    [
      'pod_not_running',
      { podState: 'the pod is being deleted', sidecarState: 'x' },
      'the pod is being deleted',
    ],
    [
      'sidecar_not_running',
      { sidecarState: 'rclone-zurg is not running: CrashLoopBackOff', seen: null },
      'rclone-zurg is not running: CrashLoopBackOff',
    ],
    [
      'not_mounted',
      { backend: { table: [], answer: OK, tookMs: 1 }, ...seen({}, []) },
      'rclone-zurg runs, but has nothing mounted at /mnt/media/zurg',
    ],
    ['no_answer', { seen: null }, 'the node did not answer in time'],
    [
      'sidecar_not_running',
      { restarts: 'rclone-zurg was restarted 3 times', backend: null, ...seen({}, []) },
      'rclone-zurg was restarted 3 times',
    ],
    ['not_visible', { backend: null, ...seen({}, []) }, 'not visible in sonarr: mount propagation'],
    [
      'not_visible',
      { ...seen({}, []), restarts: 'once' },
      'mounted in rclone-zurg, but not visible in sonarr: mount propagation',
    ],
    [
      'dead_mount',
      {
        ...seen({ statfs: { outcome: 'error', message: 'Socket not connected' } }),
        backend: { table: [FUSE], answer: TIMEOUT, tookMs: 0 },
      },
      '/mnt/media/zurg is dead (Socket not connected): its rclone is gone',
    ],
    [
      'listing_failed',
      seen({ statfs: { outcome: 'error', message: 'Permission denied' } }),
      '/mnt/media/zurg cannot be read: Permission denied',
    ],
    ['mount_hangs', seen({ statfs: TIMEOUT }), '/mnt/media/zurg is mounted, but does not answer'],
    [
      'backend_silent',
      { backend: { table: [FUSE], answer: TIMEOUT, tookMs: 0 }, ...seen({ listing: null }) },
      'the server behind zurg: does not answer',
    ],
    [
      'backend_error',
      { backend: { table: [FUSE], answer: { outcome: 'error', message: '401 Unauthorized' }, tookMs: 0 } },
      'the server behind zurg: cannot be read: 401 Unauthorized',
    ],
    [
      'listing_hangs',
      seen({ listing: { ...LISTING, answer: TIMEOUT } }),
      'the listing of /mnt/media/zurg/__all__ did not end in time',
    ],
    [
      'listing_failed',
      seen({ listing: { ...LISTING, answer: { outcome: 'error', message: 'No such file or directory' } } }),
      '/mnt/media/zurg/__all__ cannot be listed: No such file or directory',
    ],
  ] as const)('fails as %s', (reason, fields, message) => {
    const result = judge(fields);
    expect([result.status, result.reason, result.message]).toEqual(['fail', reason, message]);
    expect(result.mend).not.toBe('');
  });

  it('fails where no container mounts it: by the label in two ways', () => {
    expect(judge({}, NO_SIDECAR, UNLABELLED)).toMatchObject({
      reason: 'no_sidecar',
      mend: 'media-stack add-sidecars deployment/sonarr media',
    });
    expect(judge({}, NO_SIDECAR)).toMatchObject({
      reason: 'no_sidecar',
      message:
        'no container mounts zurg, though the pod carries the label: it was created while the webhook did not see it',
    });
  });

  it('fails where the app has nothing at the media path', () => {
    const pod = { ...EXPECTED, appsWithoutMedia: ['sonarr'] };
    expect(judge(seen({}, []), MOUNT, pod)).toMatchObject({
      reason: 'no_media_mount',
      message: 'container sonarr mounts nothing at /mnt/media',
    });
  });

  it.each([
    ['not_allowed', 'pods "x" is forbidden'],
    ['no_tools', 'neither the app nor a sidecar has a shell'],
  ] as const)('is a warning where it cannot be seen: %s', (reason, message) => {
    expect(judge({ seen: null, backend: null, unseen: { reason, message } })).toMatchObject({
      status: 'warn',
      reason,
      message,
      mounted: null,
    });
  });

  it('is a warning with few entries, and says so of none', () => {
    expect(judge(seen({ listing: { ...LISTING, entries: 999 } }))).toMatchObject({
      status: 'warn',
      reason: 'few_entries',
      message: 'fewer than 1000',
    });
    expect(judge(seen({ listing: { ...LISTING, entries: 0 } })).message).toBe('empty');
  });

  it('is no warning where the count ended before the bound of the warning', () => {
    const result = judgeMount(MOUNT, EXPECTED, evidence(seen({ listing: { ...LISTING, entries: 11 } })), {
      minEntries: 1000,
      maxCount: 10,
    });
    expect(result).toMatchObject({ status: 'ok', entries: 10, moreEntries: true });
  });
});
