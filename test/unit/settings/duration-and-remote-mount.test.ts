import { expect, it } from 'vitest';
import { isDuration } from '../../../src/settings/duration.ts';
import { relativeMountPoint } from '../../../src/settings/remote-mount.ts';

it.each(['60s', '5m', '1h30m', '1.5h', '100ms', '2d', '1w', '0s'])('%s is a duration', (text) => {
  expect(isDuration(text)).toBe(true);
});

it.each(['', '60', 's', '-1s', '1 s', '1y', '5M', '1h30', '1e3s', ' 1s'])('%j is none', (text) => {
  expect(isDuration(text)).toBe(false);
});

it.each<[{ name: string; path?: string }, string | null]>([
  [{ name: 'zurg' }, 'zurg'],
  [{ name: 'zurg', path: 'cloud/zurg' }, 'cloud/zurg'],
  [{ name: 'zurg', path: 'cloud/zurg/' }, 'cloud/zurg'],
  [{ name: 'zurg', path: '/mnt/media/zurg' }, 'zurg'],
  [{ name: 'zurg', path: '/mnt/media//a/./b/' }, 'a/b'],
  [{ name: 'zurg', path: '/mnt/media' }, null],
  [{ name: 'zurg', path: '/mnt/media2/zurg' }, null],
  [{ name: 'zurg', path: '/mnt/media/../x' }, null],
  [{ name: 'zurg', path: '..' }, null],
  [{ name: 'zurg', path: '.' }, null],
])('%j is mounted at %j below the media path', (remote, expected) => {
  expect(relativeMountPoint(remote, '/mnt/media')).toBe(expected);
});
