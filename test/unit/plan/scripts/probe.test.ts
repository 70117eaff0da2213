import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROBE_SCRIPT } from '../../../../src/plan/scripts/shell-scripts.ts';
import { describeUnderShells, type World } from './shell-fixture.ts';

describeUnderShells('probe.sh', (newWorld) => {
  let world: World;
  beforeEach(() => {
    world = newWorld();
  });
  afterEach(() => world.end());

  async function probe(...args: string[]): Promise<{ code: number | null; says: string }> {
    const run = world.run('media-stack-probe', PROBE_SCRIPT, args);
    const { code } = await run.ended;
    return { code, says: run.stdout() + run.stderr() };
  }

  const passed = { code: 0, says: '' };
  const failed = (why: string) => ({ code: 1, says: `media-stack-probe: ${why}\n` });

  test('startup passes on a live FUSE mount, without a look at its content', async () => {
    world.write('hung-ls');
    world.mount('live');
    expect(await probe('startup', '5', world.point)).toEqual(passed);
    expect(await probe('startup', '5', world.point, '')).toEqual(passed);
  });

  test('startup fails while nothing is mounted', async () => {
    mkdirSync(world.point, { recursive: true });
    expect(await probe('startup', '5', world.point)).toEqual(failed(`${world.point} is not mounted`));
  });

  test('startup fails on a mount that is not FUSE', async () => {
    world.mount('live', world.point, 'nfs4');
    expect(await probe('startup', '5', world.point)).toEqual(
      failed(`${world.point} is mounted as nfs4, not by FUSE`),
    );
  });

  test('startup judges the topmost mount', async () => {
    world.mount('live', world.point, 'nfs4');
    world.mount('live');
    expect(await probe('startup', '5', world.point)).toEqual(passed);
  });

  test('startup finds a mount point with spaces and quotes', async () => {
    const point = `${world.folder}/my  media/it's`;
    world.mount('live', point);
    expect(await probe('startup', '5', point)).toEqual(passed);
  });

  test.each(['startup', 'liveness'])('%s fails on a dead mount', async (kind) => {
    world.mount('dead');
    expect(await probe(kind, '5', world.point)).toEqual(failed(`statfs of ${world.point} failed`));
  });

  test.each(['startup', 'liveness'])('%s fails in time on a mount that hangs', async (kind) => {
    world.write('hurry');
    world.mount('hung');
    expect(await probe(kind, '1', world.point)).toEqual(failed(`statfs of ${world.point} took over 1s`));
  });

  test('liveness asks statfs only', async () => {
    world.write('hung-ls');
    world.mount('live');
    expect(await probe('liveness', '5', world.point, '__all__')).toEqual(passed);
  });

  test('startup with content passes when it can be listed', async () => {
    mkdirSync(join(world.point, '__all__'), { recursive: true });
    world.mount('live');
    expect(await probe('startup', '5', world.point, '__all__')).toEqual(passed);
  });

  test('startup with content fails when it is not there', async () => {
    world.mount('live');
    expect(await probe('startup', '5', world.point, '__all__')).toEqual(
      failed(`listing of ${world.point}/__all__ failed`),
    );
  });

  test('startup with content fails in time when the server hangs', async () => {
    world.write('hurry');
    world.write('hung-ls');
    world.mount('live');
    expect(await probe('startup', '1', world.point, '__all__')).toEqual(
      failed(`listing of ${world.point}/__all__ took over 1s`),
    );
  });

  test('asks with the real tools, too', async () => {
    world.mount('x', world.folder);
    const args = ['startup', '5', world.folder, 'bin'];
    const run = world.run('media-stack-probe', PROBE_SCRIPT, args, { realTools: true });
    expect([await run.ended, run.stdout()]).toEqual([{ code: 0, signal: null }, '']);
  });

  test('bounds a command in time, and keeps the exit code of one that ends, with the real tools', async () => {
    const functions = PROBE_SCRIPT.slice(0, PROBE_SCRIPT.indexOf('fail()'));
    const text = `${functions}bounded 1 sleep 60; echo $?; bounded 5 sh -c 'exit 7'; echo $?`;
    const run = world.run('bounded', text, [], { realTools: true });
    await run.ended;
    expect(run.stdout()).toBe('137\n7\n');
  });

  test('gate passes at once where startup would', async () => {
    world.mount('live');
    expect(await probe('gate', '5', world.point)).toEqual(passed);
  });

  test('gate waits until the mount is there', async () => {
    const run = world.run('media-stack-probe', PROBE_SCRIPT, ['gate', '5', world.point]);
    await expect.poll(() => run.stdout()).toContain(`${world.point} is not mounted`);
    world.mount('live');
    expect((await run.ended).code).toBe(0);
  });
});
