// Where and with what a result was made: figures of two machines, or of two Node versions, are not comparable.
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
  readonly node: string;
  /** Processes that wanted a core during the last minute, before the benchmark began. */
  readonly loadBefore: number;
}

export interface SourceVersion {
  readonly commit: string;
  /** Files differ from the commit, or did at some time during the run. */
  readonly isDirty: boolean;
}

/** What this machine is. */
export function readMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    os: `${type()} ${release()}`,
    node: process.version,
    loadBefore: loadavg()[0] ?? Number.NaN,
  };
}

/** The commit that is measured; `unknown` outside a git checkout. */
export function readSourceVersion(): SourceVersion {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    // Results are written by the benchmark itself and make nothing dirty.
    const changed = git('status', '--porcelain', '--', ':!bench/results');
    return { commit: git('rev-parse', 'HEAD'), isDirty: changed !== '' };
  } catch {
    return { commit: 'unknown', isDirty: false };
  }
}
