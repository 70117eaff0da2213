// A node's own world: a mount and a process namespace in which containerd, kubelet and all containers live. When its
// first process dies the kernel kills the rest, and every mount goes with the last of them: nothing has to be undone,
// and a run that is killed with SIGKILL leaves no mount and no container behind.
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { NODE_PROGRAMS } from './node-packages.ts';
import { startProcess, tiedToParent } from './supervised-process.ts';
import type { SupervisedProcess } from './supervised-process.ts';

const run = promisify(execFile);

export interface NodeNamespace {
  /** Pid of its first process, as this machine counts; /proc/PID/root shows the node's files. */
  readonly pid: number;
  /** Runs a program in there and collects its output. */
  exec(
    command: string,
    args: readonly string[],
  ): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** Starts a daemon in there. */
  start(name: string, command: string, args: readonly string[], logFile: string): NodeDaemon;
  /** Kills everything in it; resolves when the first process is gone. */
  stop(): Promise<void>;
}

export interface NodeDaemon extends SupervisedProcess {
  /** Pid of the daemon itself, as this machine counts: nsenter stands between. */
  daemonPid(): number;
}

// First process: buries the dead (the shims of containerd are orphans), and mounts what a node has of its own. What
// is bound comes as NAME SOURCE pairs. dash's wait buries every child, also those it does not know.
const INIT = `
mount --make-rshared /
mount -t tmpfs -o mode=755 tmpfs /run
while [ "$#" -gt 0 ]; do
  mkdir -p "$1"
  mount --bind "$2" "$1"
  # A peer group of its own, else every mount below shows a second time at the source.
  mount --make-private "$1"
  mount --make-shared "$1"
  shift 2
done
echo ready
exec </dev/null >/dev/null 2>&1
while :; do sleep 86400 & wait $!; done
`;

/** `binds`: path inside -> folder of this machine. */
export async function createNodeNamespace(binds: Readonly<Record<string, string>>): Promise<NodeNamespace> {
  const [command, args] = tiedToParent(NODE_PROGRAMS.unshare, [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--mount-proc',
    '/bin/sh',
    '-ec',
    INIT,
    'media-stack-node',
    ...Object.entries(binds).flat(),
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('error', reject);
    void ended.then(() => reject(new Error(`the namespace of the node could not be made: ${errors}`)));
  });
  const pid = onlyChild(child.pid ?? 0);
  const enter = ['--target', String(pid), '--mount', '--pid', '--'];
  return {
    pid,
    exec: (program, programArgs) =>
      run(NODE_PROGRAMS.nsenter, [...enter, program, ...programArgs], { maxBuffer: 64 << 20 }),
    start(name, program, programArgs, logFile) {
      const process = startProcess({
        name,
        command: NODE_PROGRAMS.nsenter,
        args: [...enter, program, ...programArgs],
        logFile,
      });
      return {
        ...process,
        daemonPid: () => onlyChild(process.pid),
        kill: (signal) => killDaemon(process, signal),
      };
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** nsenter hands on no signal, and ends with its child. */
async function killDaemon(nsenter: SupervisedProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (nsenter.failure() === undefined) process.kill(onlyChild(nsenter.pid), signal);
  await nsenter.ended;
}

function onlyChild(pid: number): number {
  const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
  if (!(child > 0)) throw new Error(`process ${pid} has no child`);
  return child;
}
