import { mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INIT_DIRS_SCRIPT } from '../../../../src/plan/scripts/shell-scripts.ts';
import { describeUnderShells, type Run, type World } from './shell-fixture.ts';

describeUnderShells('init-dirs.sh', (newWorld) => {
  let world: World;
  let media: string;
  beforeEach(() => {
    world = newWorld();
    media = join(world.folder, 'media');
  });
  afterEach(() => world.end());

  function start(mode: 'stay' | 'once', ...pairs: string[]): Run {
    return world.run('media-stack-init-dirs', INIT_DIRS_SCRIPT, [mode, ...pairs]);
  }

  async function ready(): Promise<void> {
    await world.until('ready marker', () => readdirSync(world.folder).includes('ready'));
  }

  const OK = { code: 0, signal: null };
  const FAILED = { code: 1, signal: null };

  test('once: makes and closes every mount point and ends', async () => {
    const torbox = join(media, 'tor box');
    const run = start('once', world.point, '', torbox, '');
    expect(await run.ended).toEqual(OK);
    for (const point of [world.point, torbox]) expect(statSync(point).mode & 0o777).toBe(0);
    expect(statSync(media).mode & 0o777).toBe(0o755);
    expect(run.stderr()).toBe('');
    expect(world.read('termination')).toBe('');
  });

  test('clears dead mounts first', async () => {
    world.mount('dead');
    world.mount('dead');
    expect(await start('once', world.point, '').ended).toEqual(OK);
    expect(world.events()).toEqual([
      `fusermount3 -uz dead ${world.point}`,
      `fusermount3 -uz dead ${world.point}`,
      `chmod 0000 ${world.point}`,
    ]);
  });

  test('leaves a live mount with one line: after a restart it is this pod’s own', async () => {
    world.mount('live');
    const run = start('once', world.point, '', join(media, 'torbox'), '');
    expect(await run.ended).toEqual(OK);
    expect(world.mountsAt()).toEqual(['live']);
    expect(run.stderr()).toBe(`media-stack-init-dirs: ${world.point} has a live mount: left as it is\n`);
    expect(readdirSync(media)).toEqual(['torbox']);
  });

  test('leaves a mount point that holds something, and names it', async () => {
    mkdirSync(world.point, { recursive: true });
    writeFileSync(join(world.point, 'film.mkv'), '');
    const run = start('once', world.point, '');
    expect(await run.ended).toEqual(OK);
    expect(run.stderr()).toContain(`${world.point} is not empty (film.mkv`);
    expect(readdirSync(world.point)).toEqual(['film.mkv']);
  });

  test('private mode: makes a relative link beside the mount point', async () => {
    const point = join(media, '.media-stack/zurg');
    expect(await start('once', point, join(media, 'zurg')).ended).toEqual(OK);
    expect(readlinkSync(join(media, 'zurg'))).toBe('.media-stack/zurg');
    expect(statSync(point).mode & 0o777).toBe(0);
  });

  test('private mode: takes the same link as success, again and when it dangles', async () => {
    const point = join(media, '.media-stack/zurg');
    mkdirSync(media);
    symlinkSync('.media-stack/zurg', join(media, 'zurg'));
    expect(await start('once', point, join(media, 'zurg')).ended).toEqual(OK);
    expect(await start('once', point, join(media, 'zurg')).ended).toEqual(OK);
    expect(readlinkSync(join(media, 'zurg'))).toBe('.media-stack/zurg');
    expect(readdirSync(media)).toEqual(['.media-stack', 'zurg']);
  });

  test.each([
    [
      'another link',
      (at: string) => symlinkSync('/elsewhere', at),
      'is a link, but not to .media-stack/zurg',
      'remove the link, or use',
    ],
    [
      'an empty directory',
      (at: string) => mkdirSync(at),
      'is a real directory (or file) and never replaced',
      'move its contents away and remove it, or use',
    ],
    [
      'a file',
      (at: string) => writeFileSync(at, ''),
      'is a real directory (or file) and never replaced',
      'move its contents away and remove it, or use',
    ],
  ])('private mode: never replaces %s', async (_, make, what, mend) => {
    mkdirSync(media);
    const link = join(media, 'zurg');
    make(link);
    const run = start('once', join(media, '.media-stack/zurg'), link);
    expect(await run.ended).toEqual(FAILED);
    expect(world.read('termination')).toBe(`${link} ${what}.\nMend: ${mend} media-stack/mounts: "volume"\n`);
    expect(readdirSync(media)).toContain('zurg');
  });

  test('private mode: names the mend when the link cannot be made', async () => {
    world.write('ln-error', `ln: x: Read-only file system\n`);
    const link = join(media, 'zurg');
    expect(await start('once', join(media, '.media-stack/zurg'), link).ended).toEqual(FAILED);
    expect(world.read('termination')).toBe(
      `cannot create ${link}: read-only file system.\n` +
        'Mend: mount the media volume without readOnly, or create it on the server\n',
    );
  });

  test('volume mode: names a link that private mode left at the mount point', async () => {
    mkdirSync(media);
    symlinkSync('.media-stack/zurg', world.point);
    expect(await start('stay', world.point, '').ended).toEqual(FAILED);
    expect(world.read('termination')).toBe(
      `${world.point} is a symbolic link, left there by media-stack/mounts: "private".\n` +
        'Mend: remove the link, or set media-stack/mounts: "private" again\n',
    );
    expect(world.read('stderr-0')).toContain('is a symbolic link');
    expect(readdirSync(world.folder)).not.toContain('ready');
  });

  test('names root_squash when the server refuses the directory', async () => {
    world.write('mkdir-error', `mkdir: can't create directory 'x': Permission denied\n`);
    expect(await start('once', world.point, '').ended).toEqual(FAILED);
    expect(world.read('termination')).toBe(
      `cannot create ${world.point}: permission denied to root (NFS root_squash?).\n` +
        'Mend: create it on the server, or export with no_root_squash\n',
    );
  });

  test('stay: writes the ready marker when the mount points are there, and goes on', async () => {
    world.write('hold-mkdir');
    const run = start('stay', world.point, '');
    await world.untilEvent('held mkdir');
    expect(readdirSync(world.folder)).not.toContain('ready');
    world.remove('hold-mkdir');
    await ready();
    expect(readdirSync(media)).toEqual(['zurg']);
    expect(run.child.exitCode).toBeNull();
  });

  test('stay: says so when the ready marker cannot be written', async () => {
    mkdirSync(world.path('ready'));
    expect(await start('stay', world.point, '').ended).toEqual(FAILED);
    expect(world.read('termination')).toBe(
      `cannot write ${world.path('ready')}.\nMend: this container needs a writable /tmp\n`,
    );
  });

  test('stay: clears every dead mount when it ends, and no live one', async () => {
    const torbox = join(media, 'torbox');
    const foreign = join(media, 'foreign');
    world.write('hurry');
    const run = start('stay', world.point, '', torbox, '', foreign, '');
    await ready();
    for (const point of [world.point, torbox]) world.mount('dead', point);
    world.mount('live', foreign);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual(OK);
    expect([world.mountsAt(), world.mountsAt(torbox), world.mountsAt(foreign)]).toEqual([[], [], ['live']]);
  });

  test('stay: ends at once where nothing is mounted', async () => {
    const run = start('stay', world.point, '');
    await ready();
    const begun = performance.now();
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual(OK);
    expect(performance.now() - begun).toBeLessThan(900);
  });

  test('stay: waits for a mount whose sidecar is only just being stopped', async () => {
    world.write('hurry');
    const run = start('stay', world.point, '');
    await ready();
    world.mount('dying');
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual(OK);
    expect(world.mountsAt()).toEqual([]);
  });

  test('stay: does not lose a TERM that comes while it prepares, and takes a second one', async () => {
    world.write('hold-mkdir');
    const run = start('stay', world.point, '');
    await world.untilEvent('held mkdir');
    run.child.kill('SIGTERM');
    run.child.kill('SIGTERM');
    world.remove('hold-mkdir');
    expect(await run.ended).toEqual(OK);
  });
});
