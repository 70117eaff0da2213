// Reads several files as one state: never the certificate of yesterday with the key of today.
import type { Problem } from '../problem/problem.ts';

export type ReadFile = (file: string) => Promise<Buffer>;
export type FileBytes = ReadonlyMap<string, Buffer>;

export type SettledRead =
  | { readonly ok: true; readonly bytes: FileBytes }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A folder that changes this often between two reads is read as it is; the next event or poll sees the rest. */
const MAX_READS = 5;

/**
 * Reads until two reads in a row agree, because the kubelet may swap `..data` between the first file and the second.
 * One problem per file that cannot be read.
 */
export async function readSettled(files: readonly string[], readFile: ReadFile): Promise<SettledRead> {
  let last = await readAll(files, readFile);
  for (let reads = 1; reads < MAX_READS; reads += 1) {
    const next = await readAll(files, readFile);
    const agree = last.ok && next.ok ? sameBytes(last.bytes, next.bytes) : last.ok === next.ok;
    last = next;
    if (agree) break;
  }
  return last;
}

/** True when both hold the same files with the same content, or both hold nothing. */
export function sameBytes(a: FileBytes | undefined, b: FileBytes | undefined): boolean {
  if (!a || !b) return a === b;
  return a.size === b.size && [...a].every(([file, bytes]) => b.get(file)?.equals(bytes) === true);
}

async function readAll(files: readonly string[], readFile: ReadFile): Promise<SettledRead> {
  const bytes = new Map<string, Buffer>();
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      bytes.set(file, await readFile(file));
    } catch (error) {
      problems.push(unreadableFile(file, error as NodeJS.ErrnoException));
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, bytes };
}

const READ_ERRORS: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  ENOENT: {
    what: 'there is no such file',
    hint: 'Check the path; in a pod, that the Secret or ConfigMap is mounted there and holds this key',
  },
  EACCES: {
    what: 'reading it is not permitted',
    hint: 'Let the user of this process read it: chmod, or defaultMode and fsGroup of the volume',
  },
  EPERM: { what: 'reading it is not permitted', hint: 'Let the user of this process read it' },
  EISDIR: { what: 'it is a folder', hint: 'Name the file itself' },
};

function unreadableFile(file: string, error: NodeJS.ErrnoException): Problem {
  const known = READ_ERRORS[error.code ?? ''];
  return {
    code: 'file-unreadable',
    level: 'deny',
    path: file,
    message: `the file cannot be read: ${known?.what ?? error.message}`,
    hint: known?.hint ?? 'Look at the folder with: ls -la',
  };
}
