import { expect, it } from 'vitest';
import { isFuse, mountAt, parseMountEntry } from '../../../src/check/mount-table.ts';

const FUSE =
  '812 790 0:96 / /mnt/media/zurg rw,nosuid,nodev,relatime master:318 - fuse.rclone zurg: ro,user_id=0,group_id=0,allow_other';
const NFS = '790 780 0:70 / /mnt/media rw,relatime shared:7 master:3 - nfs4 nas:/export rw';

it('reads type, source and peer groups behind the optional fields', () => {
  expect(parseMountEntry(FUSE)).toEqual({
    at: '/mnt/media/zurg',
    type: 'fuse.rclone',
    source: 'zurg:',
    shared: null,
    master: 318,
    readOnly: false,
  });
  expect(parseMountEntry(NFS)).toMatchObject({ type: 'nfs4', shared: 7, master: 3 });
});

it('reads a mount without optional fields, and one that is read-only', () => {
  expect(parseMountEntry('1 2 0:1 / /mnt ro - tmpfs tmpfs rw')).toMatchObject({
    shared: null,
    master: null,
    readOnly: true,
  });
});

it('reads blanks, which the kernel writes as octal', () => {
  expect(parseMountEntry('1 2 0:1 / /mnt/my\\040media rw - fuse.rclone a\\134b rw')).toMatchObject({
    at: '/mnt/my media',
    source: 'a\\b',
  });
});

it('passes over a line of another form', () => {
  expect(parseMountEntry('')).toBeNull();
  expect(parseMountEntry('nonsense - ')).toBeNull();
});

it('sees the mount on top', () => {
  const table = [NFS, FUSE, FUSE.replace('fuse.rclone zurg:', 'tmpfs none')].flatMap(
    (line) => parseMountEntry(line) ?? [],
  );
  expect(mountAt(table, '/mnt/media/zurg')?.type).toBe('tmpfs');
  expect(isFuse(mountAt(table, '/mnt/media/zurg'))).toBe(false);
  expect(isFuse(mountAt(table.slice(0, 2), '/mnt/media/zurg'))).toBe(true);
  expect(isFuse(mountAt(table, '/mnt/media/torbox'))).toBe(false);
});
