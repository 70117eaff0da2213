// Whether the process that made something still lives. A pid alone may have been given to another process since.
import { readFileSync } from 'node:fs';

export interface RunOwner {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat; empty where there is no /proc. */
  readonly startTime: string;
}

/** The owner of what this process makes, or of what the process `pid` is. */
export function ownerOf(pid: number = process.pid): RunOwner {
  return { pid, startTime: startTime(pid) };
}

/** True while that very process lives. */
export function isOwnerAlive(owner: RunOwner): boolean {
  return isAlive(owner.pid) && startTime(owner.pid) === owner.startTime;
}

/** True while some process has this pid; a zombie counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return statFields(pid)[0] !== 'Z';
}

function startTime(pid: number): string {
  return statFields(pid)[19] ?? '';
}

/** Fields from the third on: the second is a name in brackets, which may hold anything. */
function statFields(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
