import { describe, expect, it } from 'vitest';
import {
  isSwitchedOn,
  optionValue,
  optionValues,
  readRcloneFlags,
} from '../../../src/intent/rclone-flags.ts';
import type { RcloneFlags } from '../../../src/intent/rclone-flags.ts';
import { MOUNT_SCRIPT_NAME } from '../../../src/intent/mount-sidecar.ts';
import type { Container } from '../../../src/pod/pod.ts';

const container = (fields: Partial<Container>): Container => ({ name: 'rclone-zurg', ...fields });

/** Of a container whose flags can be seen. */
function flagsOf(fields: Partial<Container>): RcloneFlags {
  const flags = readRcloneFlags(container(fields));
  if (flags === null) throw new Error('no flags');
  return flags;
}

describe('flags are read', () => {
  it.each<[string, Partial<Container>]>([
    ['from args', { args: ['mount', 'zurg:', '/mnt/media/zurg', '--rc-addr=:5572', '--rc'] }],
    ['from command', { command: ['rclone', 'mount', 'zurg:', '/x', '--rc-addr=:5572', '--rc'] }],
    ['from both', { command: ['rclone', 'mount'], args: ['zurg:', '/x', '--rc-addr=:5572', '--rc'] }],
    ['with the value as the next word', { args: ['mount', 'zurg:', '/x', '--rc-addr', ':5572', '--rc'] }],
    ['from a shell text', { command: ['sh', '-c', 'exec rclone mount zurg: /x --rc-addr=:5572 --rc'] }],
    ['from a shell text of args', { args: ['mkdir -p /x; rclone mount zurg: /x --rc-addr ":5572" --rc'] }],
    [
      'over continued lines',
      { command: ['sh', '-c', 'rclone mount zurg: /x \\\n --rc-addr=:5572 \\\n --rc'] },
    ],
  ])('%s', (_name, fields) => {
    const flags = flagsOf(fields);
    expect([optionValue(flags, '--rc-addr'), isSwitchedOn(flags, '--rc')]).toEqual([':5572', true]);
  });

  it('of the arguments alone where the script is ours, whatever flags its text names', () => {
    const command = ['sh', '-c', 'rclone mount --read-only', MOUNT_SCRIPT_NAME];
    const flags = flagsOf({ command, args: ['rclone', 'mount', 'zurg:', '/x', '--rc'] });
    expect([...flags.keys()]).toEqual(['--rc']);
  });

  it('of the command that mounts alone', () => {
    const flags = flagsOf({ command: ['sh', '-c', 'rclone mount a: /x --rc & rclone rcd --read-only'] });
    expect([...flags.keys()]).toEqual(['--rc']);
  });

  it.each<[string, Partial<Container>]>([
    ['there is no command', {}],
    ['lists are null', { command: null, args: null }],
    ['nothing mounts', { args: ['serve', 'webdav', '--read-only'] }],
    ['a script does it', { command: ['/entrypoint.sh'], args: ['--read-only'] }],
  ])('not where %s', (_name, fields) => {
    expect(readRcloneFlags(container(fields))).toBeNull();
  });
});

describe('a switch', () => {
  it.each([
    [['--read-only'], true],
    [['--read-only=true'], true],
    [['--read-only=false'], false],
    [['--read-only=False'], false],
    [['--read-only=FALSE'], false],
    [['--read-only=f'], false],
    [['--read-only=F'], false],
    [['--read-only=0'], false],
    [['--read-only=10'], true],
    [['--read-only=0x'], true],
    [['--read-only', 'false'], true],
    [['--read-only', '--read-only=false'], false],
    [['--read-only=false', '--read-only'], true],
    [['read-only'], false],
    [['--read-only-not'], false],
    [[], false],
  ])('of %j is on: %j', (words, expected) => {
    expect(isSwitchedOn(flagsOf({ args: ['mount', ...words] }), '--read-only')).toBe(expected);
  });
});

describe('an option', () => {
  it.each([
    [['--rc-addr=a=b'], 'a=b'],
    [['--rc-addr='], ''],
    [['--rc-addr', 'localhost:1'], 'localhost:1'],
    [['--rc-addr=a', '--rc-addr=b'], 'b'],
    [['--rc-addr'], null],
    [[], null],
  ])('of %j is %j', (words, expected) => {
    expect(optionValue(flagsOf({ args: ['mount', ...words] }), '--rc-addr')).toBe(expected);
  });
});

describe('the environment', () => {
  const READ_ONLY = { name: 'RCLONE_READ_ONLY', value: 'true' };
  const flags = (env: Container['env'], ...words: string[]) => flagsOf({ env, args: ['mount', ...words] });

  it('gives switches and options', () => {
    const found = flags([READ_ONLY, { name: 'RCLONE_VFS_CACHE_MODE', value: 'full' }]);
    expect([...found.keys()]).toEqual(['--read-only', '--vfs-cache-mode']);
    expect(isSwitchedOn(found, '--read-only')).toBe(true);
    expect(optionValue(found, '--vfs-cache-mode')).toBe('full');
  });

  it('can switch off', () => {
    expect(isSwitchedOn(flags([{ ...READ_ONLY, value: 'false' }]), '--read-only')).toBe(false);
  });

  it('gives a value that nobody sees here', () => {
    const found = flags([
      { name: 'RCLONE_READ_ONLY', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ]);
    expect([isSwitchedOn(found, '--read-only'), optionValue(found, '--read-only')]).toEqual([true, null]);
  });

  it('counts less than the command', () => {
    expect(isSwitchedOn(flags([READ_ONLY], '--read-only=false'), '--read-only')).toBe(false);
  });

  it('counts nothing beside the command, where an option may be given several times', () => {
    const open = [{ name: 'RCLONE_RC_ADDR', value: ':5572' }];
    expect(optionValues(flags(open, '--rc-addr=a', '--rc-addr', 'b'), '--rc-addr')).toEqual(['a', 'b']);
    expect(optionValues(flags(open), '--rc-addr')).toEqual([':5572']);
  });

  it.each([[null], [undefined], [[{ name: 'XCLONE_READ_ONLY', value: 'true' }]]])(
    'of %j gives none',
    (env) => {
      expect([...flags(env).keys()]).toEqual([]);
    },
  );

  it('does not make a mount of what is none', () => {
    expect(readRcloneFlags(container({ env: [READ_ONLY] }))).toBeNull();
  });
});
