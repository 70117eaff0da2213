import { expect, it } from 'vitest';
import { readRcloneSource } from '../../../src/intent/rclone-source.ts';

const read = (fields: object): string | null =>
  readRcloneSource({ name: 'rclone-zurg', image: 'rclone/rclone', ...fields });

it.each([
  ['argv', { args: ['mount', 'zurg:', '/mnt/media/zurg', '--allow-other'] }, 'zurg:'],
  ['a path in the remote', { args: ['mount', 's3:films/new', '/mnt/media/films'] }, 's3:films/new'],
  ['a backend on the fly', { args: ['mount', ':webdav,url=x:dir', '/mnt/media/zurg'] }, ':webdav,url=x:dir'],
  [
    'flags before it',
    { args: ['mount', '--rc-addr', 'localhost:5572', 'zurg:', '/mnt/media/zurg'] },
    'zurg:',
  ],
  ['flags between', { args: ['mount', 'zurg:', '--rc-addr', ':5572', '/mnt/media/zurg'] }, 'zurg:'],
  [
    'a shell text',
    { command: ['sh', '-c', 'mkdir -p /x && exec rclone mount "zurg:" /mnt/media/zurg'] },
    'zurg:',
  ],
  [
    'a sidecar of ours',
    {
      command: ['/bin/sh', '-c', 'script', 'media-stack-mount'],
      args: ['/mnt/media/zurg', '/mnt/media/torbox', '--', 'rclone', 'mount', 'zurg:', '/mnt/media/zurg'],
    },
    'zurg:',
  ],
  ['no mount', { args: ['sync', 'zurg:', '/x'] }, null],
  ['no command', {}, null],
])('reads what is mounted: %s', (_, fields, source) => {
  expect(read(fields)).toBe(source);
});
