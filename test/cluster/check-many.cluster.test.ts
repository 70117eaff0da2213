// check-media-mounts on sixty pods, five of which hang: their server accepts and never answers.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MEDIA_STACK, mediaStack } from '../support/run-command.ts';
import { renderDeployment, renderSecret } from './media-app.ts';
import { report, useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';
import { renderRcloneConfig, startWebdav } from './webdav.ts';
import type { Webdav } from './webdav.ts';

const provider = await findProvider('node');

const PODS = 60;
const HANGING = 5;
/** Sixty sidecars must fit on one small node, and their probes must leave it some time. */
const SMALL = { 'media-stack/cpu-request': '1m', 'media-stack/memory-request': '1Mi' };

const settings = {
  remotes: [
    { name: 'zurg', secret: 'rclone-zurg-config', probePath: '__all__' },
    { name: 'silent', secret: 'rclone-silent-config', probePath: '__all__' },
  ],
  sidecar: { liveness: { periodSeconds: 600 }, startup: { periodSeconds: 5 } },
  initDirs: { resources: { requests: { cpu: '1m', memory: '1Mi' } } },
};

describe.skipIf(provider === null)('check-media-mounts on many pods', { timeout: 600_000 }, () => {
  const scene = useNodeScene(provider, { settings });
  const args = ['check-media-mounts', 'media', '--min-entries', '1', '--settings'];
  let settingsFile: string;
  let silent: Webdav;

  beforeAll(async () => {
    const { folder, kubectl, rclone, writeFile } = scene();
    settingsFile = writeFile('settings.json', JSON.stringify(settings));
    silent = await startWebdav({ folder, rclone, name: 'silent', files: { '__all__/film.txt': 'a film' } });
    await kubectl.create(
      renderSecret('media', 'rclone-silent-config', renderRcloneConfig('silent', silent.url)),
    );
    return () => silent.stop();
  }, 60_000);

  async function deploySixty(): Promise<void> {
    const { kubectl } = scene();
    const apps = [
      { name: 'lively', remote: 'zurg', replicas: PODS - HANGING },
      { name: 'hanging', remote: 'silent', replicas: HANGING },
    ];
    for (const { name, remote, replicas } of apps) {
      const annotations = { ...SMALL, 'media-stack/remotes': remote };
      const input = renderDeployment({ namespace: 'media', name, replicas, annotations });
      await kubectl.text(['apply', '-f', '-'], { input });
    }
    for (const { name } of apps) {
      const status = ['rollout', 'status', `deployment/${name}`, '-n', 'media', '--timeout=400s'];
      await kubectl.text(status, { timeoutMs: 410_000 });
    }
    silent.freeze();
  }

  it('ends within its time limits and names the five; interrupted, it leaves no process behind', async () => {
    await deploySixty();
    const env = { KUBECONFIG: scene().kubeconfig };
    const began = performance.now();
    const { code, stdout, stderr } = await mediaStack([...args, settingsFile], { env });
    const tookMs = performance.now() - began;
    report('check on 60 pods, 5 of them hanging', { seconds: Math.round(tookMs / 100) / 10 });
    const rows = stdout.trimEnd().split('\n').slice(1);
    expect(rows.filter((row) => row.includes('OK - /mnt/media/zurg/__all__ (1 file)'))).toHaveLength(
      PODS - HANGING,
    );
    const failed = rows.filter((row) => row.includes('FAIL - '));
    expect(failed).toHaveLength(HANGING);
    for (const row of failed)
      expect(row).toMatch(
        /^hanging-\S+ +localhost +silent +- +FAIL - \/mnt\/media\/silent\/__all__: the server behind silent: does not answer/,
      );
    expect(stderr).toBe('\n55 of 60 mounts in 60 pods fine, 5 failed.\n');
    expect(code).toBe(1);
    // Twenty pods at once, none of which may take more than three questions of ten seconds.
    expect(tookMs).toBeLessThan((PODS / 20) * 30_000);

    const before = processesOfRun(scene().folder);
    const isNew = (pid: string): boolean => !before.includes(pid);
    const child = spawn(process.execPath, [MEDIA_STACK, ...args, settingsFile], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: 'ignore',
    });
    const ended = new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    // The question to a server that hangs takes ten seconds: nothing else runs that long.
    await waitUntil(
      'an rclone that asks',
      () => processesOfRun(scene().folder).some((pid) => isNew(pid) && isAsking(pid)),
      {
        timeoutMs: 60_000,
        intervalMs: 10,
      },
    );
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await waitUntil('the containers to be as they were', () => !processesOfRun(scene().folder).some(isNew), {
      timeoutMs: 20_000,
    });
  });
});

/** Pids in the control groups of a run: of its containers, and of nothing else that is started anew. */
function processesOfRun(folder: string): string[] {
  const group = `/${basename(folder)}/`;
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && readOrEmpty(`/proc/${name}/cgroup`).includes(group),
  );
}

function isAsking(pid: string): boolean {
  return readOrEmpty(`/proc/${pid}/cmdline`).startsWith('rclone\0lsf\0silent:');
}

/** Processes end while they are looked at. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
