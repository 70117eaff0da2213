// What a run leaves behind, however it ends: two nodes side by side, one killed, one interrupted.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from './run-owner.ts';
import { findProvider } from './provider.ts';
import { sweepDeadRuns } from './run-folder.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  readonly kubeconfig: string;
  readonly kubectl: string;
  readonly folder: string;
  readonly nodePid: number;
}

describe.skipIf(provider === null)('npm run cluster', () => {
  const children: ChildProcess[] = [];
  beforeAll(async () => provider?.prepare(), 3_600_000);
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  it(
    'leaves nothing when it is interrupted or killed, and two do not disturb each other',
    { timeout: 180_000 },
    async () => {
      const [killed, interrupted] = await Promise.all([start(), start()]);
      deploy(killed);
      deploy(interrupted);
      expect(fuseMounts(killed)).toBe(2);

      killed.child.kill('SIGKILL');
      await killed.exit;
      const isOver = (): boolean => processesOf(killed).length === 0 && !isAlive(killed.nodePid);
      await waitUntil('the processes of the killed run to end', isOver, { timeoutMs: 10_000 });
      expect(mountsBelow(killed.folder)).toEqual([]);

      // As the next run does; one that started this moment may have been faster.
      sweepDeadRuns();
      expect(leftoversOf(killed)).toEqual([]);

      expect(fuseMounts(interrupted)).toBe(2);
      expect(run(interrupted, 'exec', '-n', 'media', 'deployment/sonarr', '--', 'cat', FILM)).toBe(
        'a film\n',
      );
      interrupted.child.kill('SIGINT');
      expect(await interrupted.exit).toBe(0);
      expect(processesOf(interrupted)).toEqual([]);
      expect(leftoversOf(interrupted)).toEqual([]);
    },
  );

  async function start(): Promise<Run> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'cluster-cli.ts')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const exit = new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    await waitUntil('the cluster', () => output.includes('Ctrl-C ends it'), {
      timeoutMs: 120_000,
      failed: () => (child.exitCode === null ? undefined : output),
    });
    const found = (pattern: RegExp): string => pattern.exec(output)?.[1] ?? '';
    const kubeconfig = found(/KUBECONFIG=(.*)/);
    return {
      child,
      exit,
      kubeconfig,
      kubectl: found(/alias kubectl=(.*)/),
      folder: dirname(dirname(dirname(kubeconfig))),
      nodePid: Number(found(/\/proc\/(\d+)\/mountinfo/)),
    };
  }
});

const FILM = '/mnt/media/zurg/__all__/film.txt';

function run({ kubectl, kubeconfig }: Run, ...args: readonly string[]): string {
  return execFileSync(kubectl, args, { env: { ...process.env, KUBECONFIG: kubeconfig }, encoding: 'utf8' });
}

function deploy(cluster: Run): void {
  run(cluster, 'apply', '-f', join(cluster.folder, 'sonarr.json'));
  run(cluster, 'rollout', 'status', '-n', 'media', 'deployment/sonarr', '--timeout=60s');
}

/** Where the two remotes are mounted in the pod's volume; the same mounts show in the containers' own tables. */
function fuseMounts({ nodePid }: Run): number {
  const lines = readFileSync(`/proc/${nodePid}/mountinfo`, 'utf8').split('\n');
  const points = lines
    .filter((line) => line.includes(' - fuse.rclone '))
    .map((line) => line.split(' ')[4] ?? '');
  return points.filter((point) => point.startsWith('/var/lib/kubelet/pods/')).length;
}

/** Command lines that name its folder, and what is in its control groups. */
function processesOf({ folder }: Run): string[] {
  const named = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && isAlive(Number(pid)))
    .map((pid) => commandLine(pid))
    .filter((line) => line.includes(folder));
  const grouped = cgroupsOf(folder).flatMap((group) =>
    readdirSync(group, { recursive: true, encoding: 'utf8' })
      .filter((file) => basename(file) === 'cgroup.procs')
      .map((file) => readFileSync(join(group, file), 'utf8').trim())
      .filter((pids) => pids !== ''),
  );
  return [...named, ...grouped];
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function leftoversOf({ folder }: Run): string[] {
  return [...(existsSync(folder) ? [folder] : []), ...cgroupsOf(folder), ...mountsBelow(folder)];
}

function cgroupsOf(folder: string): string[] {
  return ['', ...readdirSync('/sys/fs/cgroup')]
    .map((hierarchy) => join('/sys/fs/cgroup', hierarchy, basename(folder)))
    .filter((group) => existsSync(group));
}

function mountsBelow(folder: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(folder));
}
