import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MOUNT_SCRIPT } from '../../../../src/plan/scripts/shell-scripts.ts';
import { describeUnderShells, type Run, type World } from './shell-fixture.ts';

describeUnderShells('mount.sh', (newWorld) => {
  let world: World;
  beforeEach(() => {
    world = newWorld();
  });
  afterEach(() => world.end());

  function start(
    flags: readonly string[] = [],
    env: Record<string, string> = {},
    others: readonly string[] = [],
  ): Run {
    const command = ['rclone', 'mount', 'zurg:', world.point, ...flags];
    return world.run('media-stack-mount', MOUNT_SCRIPT, [world.point, ...others, '--', ...command], { env });
  }

  /** The event that the fake rclone writes when it starts over a bare directory. */
  function started(mode: string, ...flags: string[]): string {
    const args = ['mount', 'zurg:', world.point, ...flags].map((arg) => ` <${arg}>`).join('');
    return `rclone none ${mode}${args}`;
  }

  async function crash(run: Run, nth: number): Promise<void> {
    await world.untilEvent('mounted', nth);
    process.kill(world.rclonePid(), 'SIGKILL');
    await world.until(`end of rclone ${nth}`, () => run.stderr().split('ended').length > nth);
  }

  test('hands every argument to the command unchanged', async () => {
    const flags = ['--a=b c', '--', '-x', `'"`, '$HOME', '$(id)', '`id`', '*', '', 'back\\slash'];
    start(flags);
    await world.untilEvent('mounted');
    expect(world.events()).toEqual([`chmod 0000 ${world.point}`, started('0', ...flags), 'mounted']);
  });

  test('works on a mount point with a space in its path', async () => {
    const point = `${world.folder}/my media/it's $HOME`;
    world.mount('dead', point);
    const run = world.run('media-stack-mount', MOUNT_SCRIPT, [
      point,
      '--',
      'rclone',
      'mount',
      'zurg:',
      point,
    ]);
    await world.untilEvent('mounted');
    expect(world.events()[0]).toBe(`fusermount3 -uz dead ${point}`);
    expect(world.mountsAt(point)).toEqual([`pid-${world.rclonePid()}`]);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(world.mountsAt(point)).toEqual([]);
  });

  test('makes the mount point with parents of mode 0755, and closes the point itself', async () => {
    start();
    await world.untilEvent('mounted');
    expect(statSync(join(world.folder, 'media')).mode & 0o777).toBe(0o755);
    expect(statSync(world.point).mode & 0o777).toBe(0);
  });

  test('takes an existing directory, also one that is closed already', async () => {
    mkdirSync(world.point, { recursive: true });
    chmodSync(world.point, 0);
    start();
    await world.untilEvent('mounted');
    expect(world.events()).toContain(started('0'));
  });

  test.each([
    ['musl', `stat: can't read file system information for '/m': Socket not connected`],
    ['glibc', `stat: cannot read file system information for '/m': Transport endpoint is not connected`],
    ['an aborted connection', `stat: x: Software caused connection abort`],
  ])('clears a dead mount before it starts rclone (%s)', async (_, text) => {
    world.write('enotconn', `${text}\n`);
    world.mount('dead');
    start();
    await world.untilEvent('mounted');
    expect(world.events()).toEqual([
      `fusermount3 -uz dead ${world.point}`,
      `chmod 0000 ${world.point}`,
      started('0'),
      'mounted',
    ]);
  });

  test('clears dead mounts that are stacked', async () => {
    world.mount('dead');
    world.mount('dead');
    start();
    await world.untilEvent('mounted');
    expect(world.events().filter((event) => event.startsWith('fusermount3'))).toHaveLength(2);
    expect(world.mountsAt()).toEqual([`pid-${world.rclonePid()}`]);
  });

  test('falls back to a lazy umount where fusermount3 fails', async () => {
    world.write('no-fusermount3');
    world.mount('dead');
    start();
    await world.untilEvent('mounted');
    expect(world.events().slice(0, 2)).toEqual([
      `fusermount3 -uz dead ${world.point}`,
      `umount -l dead ${world.point}`,
    ]);
  });

  test('stops trying to clear a dead mount that stays', async () => {
    world.write('no-fusermount3');
    world.write('no-umount');
    world.write('hurry');
    world.mount('dead');
    const run = start();
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(world.read('termination')).toBe(
      `the dead mount at ${world.point} cannot be removed.\n` +
        'Mend: umount -l it on the node (findmnt names it)\n',
    );
  });

  test.each(['live', 'hung'])(
    'never unmounts a %s mount it did not make, and names the mend',
    async (state) => {
      world.write('hurry');
      world.mount(state);
      const run = start();
      expect(await run.ended).toEqual({ code: 1, signal: null });
      expect(world.mountsAt()).toEqual([state]);
      expect(world.read('events')).toBe('');
      expect(world.read('termination')).toBe(
        `another pod or container already has a live mount at ${world.point} through a volume shared on this node.\n` +
          'Mend: media-stack/mounts: "private"\n',
      );
      expect(run.stderr()).toContain('media-stack-mount: another pod or container already has a live mount');
    },
  );

  test('leaves the live mount under a dead one', async () => {
    world.mount('live');
    world.mount('dead');
    const run = start();
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(world.mountsAt()).toEqual(['live']);
  });

  test('looks twice, for a server that is just dying', async () => {
    world.mount('dying');
    start();
    await world.untilEvent('mounted');
    expect(world.mountsAt()).toEqual([`pid-${world.rclonePid()}`]);
  });

  test('is not misled by a mount at a path that begins alike', async () => {
    world.mount('live', `${world.point}2`);
    world.mount('live', `${world.point}/__all__`);
    start();
    await world.untilEvent('mounted');
    expect(world.events()).toContain(started('0'));
  });

  test('leaves a point that holds something as it is, names it, and mounts over it', async () => {
    mkdirSync(world.point, { recursive: true });
    for (const name of ['.hidden', 'a film.mkv', 'b', 'c']) writeFileSync(join(world.point, name), '');
    const run = start(['--read-only']);
    await world.untilEvent('mounted');
    expect(world.events()).toEqual([started('755', '--read-only', '--allow-non-empty'), 'mounted']);
    expect(run.stderr()).toBe(
      `media-stack-mount: ${world.point} is not empty (.hidden a film.mkv b): left as it is, the mount goes over it\n`,
    );
  });

  test('tells rclone not to look where root itself cannot list the closed directory', async () => {
    world.write('unlistable');
    start(['--read-only']);
    await world.untilEvent('mounted');
    expect(world.events()).toContain(started('0', '--read-only', '--allow-non-empty'));
  });

  test('goes on where chmod is refused, and says so once', async () => {
    world.write('no-chmod');
    const run = start();
    await crash(run, 1);
    await world.untilEvent('mounted', 2);
    expect(run.stderr().split('cannot close').length - 1).toBe(1);
    expect(run.stderr()).toContain(`media-stack-mount: cannot close ${world.point} (chmod refused)`);
  });

  test.each([
    [
      'EROFS',
      `mkdir: can't create directory '/m': Read-only file system`,
      'read-only file system',
      'Mend: mount the media volume without readOnly, or create it on the server',
    ],
    [
      'EACCES',
      `mkdir: can't create directory '/m': Permission denied`,
      'permission denied to root (NFS root_squash?)',
      'Mend: create it on the server, or export with no_root_squash',
    ],
    [
      'EPERM',
      `mkdir: can't create directory '/m': Operation not permitted`,
      'permission denied to root (NFS root_squash?)',
      'Mend: create it on the server, or export with no_root_squash',
    ],
    [
      'ENOSPC',
      `mkdir: can't create directory '/m': No space left on device`,
      `mkdir: can't create directory '/m': No space left on device`,
      'Mend: look at the media volume and its server',
    ],
  ])('names cause and mend when the mount point cannot be made: %s', async (_, error, cause, mend) => {
    world.write('mkdir-error', `${error}\n`);
    const run = start();
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(world.read('termination')).toBe(`cannot create ${world.point}: ${cause}.\n${mend}\n`);
    expect(run.stderr()).toBe(`media-stack-mount: cannot create ${world.point}: ${cause}. ${mend}\n`);
  });

  test.each(['media', 'media/zurg'])('names a file that is in the way (%s)', async (file) => {
    if (file !== 'media') mkdirSync(join(world.folder, 'media'));
    writeFileSync(join(world.folder, file), 'x');
    const run = start();
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(world.read('termination')).toBe(
      `cannot create ${world.point}: not a directory, a file is in the way.\nMend: move that file away\n`,
    );
    expect(readFileSync(join(world.folder, file), 'utf8')).toBe('x');
  });

  test('names a symbolic link that private mode left at the mount point', async () => {
    mkdirSync(join(world.folder, 'media'));
    symlinkSync('.media-stack/zurg', world.point);
    const run = start();
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(world.read('termination')).toBe(
      `${world.point} is a symbolic link, left there by media-stack/mounts: "private".\n` +
        'Mend: remove the link, or set media-stack/mounts: "private" again\n',
    );
  });

  describe('on a file system of the node (ext4)', () => {
    beforeEach(() => world.write('fstype', 'ef53\n'));

    test('stops where another pod serves the same directory, whose mount does not show here', async () => {
      // A closed directory opens for root only, and whoever runs the tests may not be root.
      world.write('no-chmod');
      start();
      await world.untilEvent('mounted');
      world.write('mounts');
      const second = start();
      expect(await second.ended).toEqual({ code: 1, signal: null });
      expect(world.read('termination')).toBe(
        `another pod or container already has a live mount at ${world.point} through a volume shared on this node.\n` +
          'Mend: media-stack/mounts: "private"\n',
      );
      expect(world.events().filter((event) => event === 'mounted')).toHaveLength(1);
    });

    test('mounts where the other pod has ended', async () => {
      const first = start();
      await world.untilEvent('mounted');
      first.child.kill('SIGTERM');
      await first.ended;
      start();
      await world.untilEvent('mounted', 2);
    });

    test('starts a killed rclone again: the directory is still its own', async () => {
      const run = start();
      await crash(run, 1);
      await world.untilEvent('mounted', 2);
    });

    test('mounts with an image that has no flock', async () => {
      world.write('no-flock');
      start();
      await world.untilEvent('mounted');
    });
  });

  test('locks nothing on a network file system, where the lock would be for other nodes too', async () => {
    start();
    await world.untilEvent('mounted');
    world.write('mounts');
    start();
    await world.untilEvent('mounted', 2);
  });

  test('does without a termination log that cannot be written', async () => {
    world.mount('live');
    const run = start([], { MEDIA_STACK_TERMINATION_LOG: world.path('no/such/folder/log') });
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(run.stderr()).toMatch(/^media-stack-mount: another pod .*"private"\n$/);
  });

  test('starts rclone again in place after SIGKILL and leaves the dead mount until the moment before', async () => {
    const run = start();
    await crash(run, 1);
    await world.untilEvent('mounted', 2);
    expect(world.events()).toEqual([
      `chmod 0000 ${world.point}`,
      started('0'),
      'mounted',
      `fusermount3 -uz dead ${world.point}`,
      `chmod 0000 ${world.point}`,
      started('0'),
      'mounted',
    ]);
    expect(run.stderr()).toContain(
      `media-stack-mount: rclone at ${world.point} ended with code 137: starting it again`,
    );
    expect(run.child.exitCode).toBeNull();
  });

  test('starts rclone again when somebody unmounted it and it ended with 0', async () => {
    world.write('rclone-modes', 'unmounted\n');
    start();
    await world.untilEvent('mounted');
    expect(world.events().filter((event) => event === started('0'))).toHaveLength(2);
  });

  test('gives up after the fourth crash in a minute, with the exit code, and leaves the dead mount', async () => {
    const run = start();
    for (const nth of [1, 2, 3]) await crash(run, nth);
    await world.untilEvent('mounted', 4);
    const last = world.rclonePid();
    process.kill(last, 'SIGKILL');
    expect(await run.ended).toEqual({ code: 137, signal: null });
    expect(world.mountsAt()).toEqual([`pid-${last}`]);
    expect(world.read('termination')).toBe(
      `rclone at ${world.point} ended 4 times within a minute, last with code 137.\n` +
        'Mend: raise media-stack/memory-limit (it was killed, most often for memory)\n',
    );
  });

  test.each([
    ['exit 3', 3, 'Mend: see its log: most often the Secret (remote, password) or no access to /dev/fuse'],
    ['unmounted', 1, 'Mend: see its log: most often the Secret (remote, password) or no access to /dev/fuse'],
    ['exit 126', 126, 'Mend: check the image of the sidecar: it cannot run the command'],
  ])('gives up on "%s" with code %i, never 0, and names the likely causes', async (mode, code, why) => {
    world.write('rclone-modes', `${mode}\n`.repeat(5));
    const run = start();
    expect(await run.ended).toEqual({ code, signal: null });
    expect(world.events().filter((event) => event === started('0'))).toHaveLength(4);
    expect(world.read('termination').split('\n')[1]).toBe(why);
  });

  test('says so when the image has no such command', async () => {
    const run = world.run('media-stack-mount', MOUNT_SCRIPT, [world.point, '--', 'no-such-command']);
    expect(await run.ended).toEqual({ code: 127, signal: null });
    expect(world.read('termination')).toContain('it cannot run the command');
  });

  test('counts the crashes of the last minute only', async () => {
    const run = start();
    for (const nth of [1, 2, 3]) await crash(run, nth);
    world.write('uptime', '1060.00 900.00\n');
    await crash(run, 4);
    await world.untilEvent('mounted', 5);
    expect(run.child.exitCode).toBeNull();
  });

  test('takes a mount that is live after rclone ended for somebody else’s', async () => {
    world.write('rclone-modes', 'usurped\n');
    const run = start();
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(world.mountsAt()).toEqual(['live']);
    expect(world.read('termination')).toContain('already has a live mount');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('passes %s on as TERM and ends with 0', async (signal) => {
    const run = start();
    await world.untilEvent('mounted');
    run.child.kill(signal);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(world.events().slice(2)).toEqual(['mounted', 'TERM']);
    expect(world.read('termination')).toBe('');
  });

  describe('at its end, with the mount points of other sidecars', () => {
    let others: string[];
    beforeEach(() => {
      others = [`${world.folder}/media/torbox`, `${world.folder}/media/my films`];
    });

    async function end(): Promise<void> {
      const run = start([], {}, others);
      await world.untilEvent('mounted');
      run.child.kill('SIGTERM');
      expect(await run.ended).toEqual({ code: 0, signal: null });
    }

    test('clears those that are dead: nobody else will', async () => {
      for (const other of others) world.mount('dead', other);
      await end();
      expect(others.map((other) => world.mountsAt(other))).toEqual([[], []]);
    });

    test.each(['live', 'hung'])('lets one be that is %s', async (state) => {
      world.write('hurry');
      world.mount(state, others[0]);
      await end();
      expect(world.mountsAt(others[0])).toEqual([state]);
    });

    test('lets the dead ones be when its own mount hangs: then this container ends alone', async () => {
      world.write('hurry');
      world.mount('dead', others[0]);
      const run = start([], {}, others);
      await world.untilEvent('mounted');
      world.mount('hung');
      run.child.kill('SIGTERM');
      await run.ended;
      expect(world.mountsAt(others[0])).toEqual(['dead']);
    });
  });

  test('leaves the mounts of the others alone when rclone crashes', async () => {
    const other = `${world.folder}/media/torbox`;
    world.mount('dead', other);
    const run = start([], {}, [other]);
    await crash(run, 1);
    await world.untilEvent('mounted', 2);
    expect(world.mountsAt(other)).toEqual(['dead']);
  });

  describe('at its end, with a cache for uploads', () => {
    const LOOKED = 'looked for uploads';
    const meta = (dirty: boolean): void => {
      mkdirSync(join(world.folder, 'cache/vfsMeta/zurg'), { recursive: true });
      writeFileSync(
        join(world.folder, 'cache/vfsMeta/zurg/late.txt'),
        `{\n\t"Size": 4,\n\t"Dirty": ${dirty}\n}\n`,
      );
    };

    test('tells rclone to end when the last upload is done', async () => {
      meta(true);
      const run = start([`--cache-dir=${world.folder}/cache`]);
      await world.untilEvent('mounted');
      run.child.kill('SIGTERM');
      await world.untilEvent(LOOKED, 2);
      expect(world.events()).not.toContain('TERM');
      meta(false);
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(world.events()).toContain('TERM');
    });

    test('looks 20 times, a second apart, and no longer', async () => {
      meta(true);
      const run = start([`--cache-dir=${world.folder}/cache`]);
      await world.untilEvent('mounted');
      run.child.kill('SIGTERM');
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(world.events().filter((event) => event === LOOKED)).toHaveLength(20);
      expect(world.events()).toContain('TERM');
    });

    test('does not wait where nothing is to be uploaded', async () => {
      const run = start([`--cache-dir=${world.folder}/cache`]);
      await world.untilEvent('mounted');
      run.child.kill('SIGTERM');
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(world.events().filter((event) => event === LOOKED)).toHaveLength(1);
    });
  });

  test('forwards HUP and goes on', async () => {
    const run = start();
    await world.untilEvent('mounted');
    run.child.kill('SIGHUP');
    await world.untilEvent('HUP');
    run.child.kill('SIGHUP');
    await world.untilEvent('HUP', 2);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(world.events().slice(2)).toEqual(['mounted', 'HUP', 'HUP', 'TERM']);
  });

  test('keeps the exit code of a child that ended after a HUP', async () => {
    const run = start();
    await world.untilEvent('mounted');
    run.child.kill('SIGHUP');
    await world.untilEvent('HUP');
    await crash(run, 1);
    expect(run.stderr()).toContain('ended with code 137');
  });

  test('clears the dead mount of an rclone that could not unmount', async () => {
    world.write('rclone-modes', 'busy\n');
    const run = start();
    await world.untilEvent('mounted');
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(world.events().slice(2)).toEqual(['mounted', 'TERM', `fusermount3 -uz dead ${world.point}`]);
    expect(world.mountsAt()).toEqual([]);
  });

  test('leaves a live foreign mount on the way out', async () => {
    world.write('rclone-modes', 'foreign\n');
    const run = start();
    await world.untilEvent('mounted');
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(world.mountsAt()).toEqual(['live']);
  });

  test('does not lose a TERM that comes before the child has started', async () => {
    world.write('hold-mkdir');
    const run = start();
    await world.untilEvent('held mkdir');
    run.child.kill('SIGTERM');
    world.remove('hold-mkdir');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(world.events()).not.toContain(started('0'));
  });

  test('does not lose a TERM that comes while a dead mount is cleared', async () => {
    world.mount('dead');
    world.write('hold-fusermount3');
    const run = start();
    await world.untilEvent('held fusermount3');
    run.child.kill('SIGTERM');
    run.child.kill('SIGTERM');
    world.remove('hold-fusermount3');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(world.mountsAt()).toEqual([]);
    expect(world.events()).not.toContain(started('0'));
  });

  test('kills a child that does not answer TERM, and clears its mount', async () => {
    world.write('rclone-modes', 'deaf\n');
    world.write('hurry');
    const run = start();
    await world.untilEvent('mounted');
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(world.events().at(-1)).toBe(`fusermount3 -uz dead ${world.point}`);
    expect(world.mountsAt()).toEqual([]);
  });

  test('does not disturb an rclone that is unmounting with a second TERM', async () => {
    world.write('rclone-modes', 'slow\n');
    world.write('hold-rclone');
    const run = start();
    await world.untilEvent('mounted');
    run.child.kill('SIGTERM');
    await world.untilEvent('held rclone');
    run.child.kill('SIGTERM');
    run.child.kill('SIGINT');
    world.remove('hold-rclone');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(world.events().slice(2)).toEqual(['mounted', 'TERM', 'held rclone']);
    expect(world.mountsAt()).toEqual([]);
  });
});
