// The control group below which a node puts its pods: one per run, so that two nodes do not share /kubepods.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** Hierarchies of cgroup v1: what the kubelet looks for (pkg/kubelet/cm) and what runc makes besides. */
const HIERARCHIES_V1 =
  'cpu cpuacct cpuset memory pids hugetlb systemd unified devices freezer blkio perf_event net_cls net_prio rdma misc'.split(
    ' ',
  );
const CONTROLLERS_V2 = '+cpu +cpuset +memory +pids';

/** Makes the group in every hierarchy; `name` is one path segment. */
export function createCgroups(name: string): void {
  for (const group of groups(name)) {
    mkdirSync(group, { recursive: true });
    if (isV2()) {
      writeFileSync(join(ROOT, 'cgroup.subtree_control'), CONTROLLERS_V2);
      writeFileSync(join(group, 'cgroup.subtree_control'), CONTROLLERS_V2);
    }
    // A fresh cpuset is empty, and no process can join one.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      if (!isV2() && existsSync(join(group, file))) {
        writeFileSync(join(group, file), readFileSync(join(group, '..', file)));
      }
    }
  }
}

/** Kills what is left in the group and removes it; nothing where it does not exist. */
export function removeCgroups(name: string): void {
  for (const group of groups(name)) if (existsSync(group)) removeTree(group);
}

function removeTree(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(group, entry.name));
  }
  for (const pid of readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n')) {
    if (Number(pid) > 0) killQuietly(Number(pid));
  }
  removeGroup(group);
}

/** A group is busy until the kernel has buried the processes that were killed in it. */
function removeGroup(group: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmdirSync(group);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      if (attempt === 50) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function groups(name: string): string[] {
  if (isV2()) return [join(ROOT, name)];
  return HIERARCHIES_V1.filter((hierarchy) => existsSync(join(ROOT, hierarchy, 'cgroup.procs'))).map(
    (hierarchy) => join(ROOT, hierarchy, name),
  );
}

function isV2(): boolean {
  return existsSync(join(ROOT, 'cgroup.controllers'));
}
