// The folder of one run: everything a cluster writes is below it, and it says whose it is, so that the next run can
// remove what a killed one left.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { removeCgroups } from './cgroup.ts';
import { isOwnerAlive, ownerOf } from './run-owner.ts';
import type { RunOwner } from './run-owner.ts';

const PREFIX = 'media-stack-cluster-';
const OWNER_FILE = 'owner.json';
/** Processes of a run that may outlive its owner for a moment, as `RunOwner`s in files of this ending. */
const PROCESS_SUFFIX = '.process.json';

/** A fresh private folder with a `logs` folder in it. */
export function createRunFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, OWNER_FILE), JSON.stringify(ownerOf()));
  mkdirSync(join(folder, 'logs'));
  return folder;
}

/** Notes a process that must be dead before the folder goes. */
export function noteProcess(folder: string, name: string, pid: number): void {
  writeFileSync(join(folder, `${name}${PROCESS_SUFFIX}`), JSON.stringify(ownerOf(pid)));
}

/** Removes a folder of a run whose processes have ended, and its control groups. */
export function removeRunFolder(folder: string): void {
  refuseWithMounts(folder);
  removeCgroups(basename(folder));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes what dead runs of this user left; returns their folders. */
export function sweepDeadRuns(): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => {
      const owner = readOwner(join(folder, OWNER_FILE));
      return owner !== undefined && !isOwnerAlive(owner) && sweep(folder);
    });
}

/** False when another run was faster. */
function sweep(folder: string): boolean {
  try {
    for (const file of readdirSync(folder).filter((entry) => entry.endsWith(PROCESS_SUFFIX))) {
      const left = readOwner(join(folder, file));
      if (left !== undefined && isOwnerAlive(left)) process.kill(left.pid, 'SIGKILL');
    }
    removeRunFolder(folder);
    return true;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** undefined: it is being made this moment, or is somebody else's. */
function readOwner(file: string): RunOwner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunOwner;
  } catch {
    return undefined;
  }
}

/** Mounts of a node are in its own mount namespace. Should one ever show up here, removing would reach into it. */
function refuseWithMounts(folder: string): void {
  let table = '';
  try {
    table = readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return;
  }
  const mounted = table.split('\n').find((line) => line.split(' ')[4]?.startsWith(`${folder}/`));
  if (mounted !== undefined) throw new Error(`not removed, something is mounted below it: ${mounted}`);
}
