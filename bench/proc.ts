// What Linux knows of a process, from /proc (man 5 proc). The benchmark needs Linux for this alone.
import { readFileSync } from 'node:fs';

// sysconf(_SC_CLK_TCK): 100 on every architecture that Node runs on. One tick is 10 ms, 0.1 % of a 10 s window.
const TICKS_PER_SECOND = 100;

/** CPU seconds that all threads of a process have used, in user and kernel mode. */
export function readCpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in brackets, which may hold blanks: count from the bracket that closes it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime and stime are fields 14 and 15 of the whole line, so 12 and 13 after the name.
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export interface ResidentMemory {
  readonly nowMb: number;
  /** The highest since the process began. */
  readonly peakMb: number;
}

/** Resident memory in MB of 10^6 bytes. */
export function readResidentMemory(pid: number): ResidentMemory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (field: string): number => {
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kib === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
    return (Number(kib) * 1024) / 1e6;
  };
  return { nowMb: mb('VmRSS'), peakMb: mb('VmHWM') };
}
