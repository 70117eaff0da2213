// Every process that the benchmark starts is entered here by its pid, and none outlives it: not after an error, not
// after Ctrl-C.

const running = new Set<number>();

/** Enters a process. */
export function trackProcess(pid: number): void {
  running.add(pid);
}

/** Takes a process out that has ended: its pid may soon be another's. */
export function untrackProcess(pid: number): void {
  running.delete(pid);
}

/** Kills what is still running when this process ends, for whatever reason; call it once, first of all. */
export function killProcessesAtExit(): void {
  process.on('exit', () => {
    for (const pid of running) killQuietly(pid);
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => process.exit(code));
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
