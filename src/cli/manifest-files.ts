// The files a command is given: -f FILE, -f FOLDER, -f - (stdin), -R, -k FOLDER, as kubectl has them.
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer as readBytes } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import type { Problem } from '../problem/problem.ts';
import { fileErrorText } from './file-error.ts';

export interface FileFlags {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly kustomize?: string;
}

export interface ManifestFile {
  /** As the user named it; `stdin` for `-`. */
  readonly file: string;
  readonly text: string;
}

export const NO_WORKLOAD = 'No workload (Pod, Deployment, StatefulSet, ...) was found in what was given.';

const MANIFEST = /\.(ya?ml|json)$/;

/** Adds -f, -R and -k to a command. */
export function addFileOptions(command: Command): Command {
  return command
    .option('-f, --filename <file...>', 'manifest file or folder, or - for stdin')
    .option('-R, --recursive', 'walk folders given with -f to the end')
    .option('-k, --kustomize <folder>', 'what kubectl kustomize makes of this folder');
}

/** All files, in the order given and by name within a folder; a problem for each that cannot be read. */
export async function readManifestFiles(
  flags: FileFlags,
): Promise<{ files: ManifestFile[]; problems: Problem[] }> {
  const files: ManifestFile[] = [];
  const problems: Problem[] = [];
  const names = flags.filename ?? [];
  if (names.length === 0 && flags.kustomize === undefined) {
    problems.push(fileProblem('', 'no manifest was given', 'Name one with -f FILE, or pipe it in with -f -'));
  }
  for (const name of names) {
    try {
      if (name === '-') files.push({ file: 'stdin', text: decodeUtf8(await readBytes(process.stdin)) });
      else
        for (const file of await listFiles(name, flags.recursive ?? false)) {
          try {
            // One file after the other: waiting for a thread would cost a fifth of the time of lint.
            files.push({ file, text: decodeUtf8(readFileSync(file)) });
          } catch (error) {
            problems.push(readProblem(file, error));
          }
        }
    } catch (error) {
      problems.push(readProblem(name, error));
    }
  }
  if (flags.kustomize !== undefined) {
    const folder = flags.kustomize;
    try {
      const { stdout } = await promisify(execFile)('kubectl', ['kustomize', folder], { maxBuffer: 2 ** 28 });
      files.push({ file: `kustomize ${folder}`, text: stdout });
    } catch (error) {
      problems.push(
        fileProblem(folder, kustomizeError(error), `Run it by hand: kubectl kustomize ${folder}`),
      );
    }
  }
  return { files, problems };
}

async function listFiles(path: string, recursive: boolean): Promise<string[]> {
  if (!statSync(path).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive });
  const files: string[] = [];
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    if (!MANIFEST.test(entry.name)) continue;
    // A mounted ConfigMap is made of links; links to folders are not followed, as kubectl does not.
    if (entry.isFile() || (entry.isSymbolicLink() && (await stat(file)).isFile())) files.push(file);
  }
  return files.toSorted();
}

/** kubectl's own last line tells more than the exit code. */
function kustomizeError(error: unknown): string {
  const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') return 'kubectl, which -k needs, is not on the PATH';
  const lines = stderr.trim().split('\n');
  return `kubectl kustomize failed: ${lines.at(-1) || fileErrorText(error)}`;
}

class NotUtf8 extends Error {}

/** The text byte for byte, a byte order mark too: a lenient reader would put U+FFFD where it does not understand. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotUtf8();
  }
}

function readProblem(name: string, error: unknown): Problem {
  if (error instanceof NotUtf8) {
    return fileProblem(
      name,
      'is not UTF-8 text',
      'Save it as UTF-8, e.g. iconv -f latin1 -t utf-8 FILE (UTF-16 comes from PowerShell).',
    );
  }
  return fileProblem(name, `cannot be read: ${fileErrorText(error)}`, 'Check the path and its permissions.');
}

/** Editors and compilers keep settings with comments in .json, which are no JSON. */
export function isNoManifest({ file, text }: ManifestFile): boolean {
  return file.endsWith('.json') && !text.includes('apiVersion');
}

/** A problem for each thing among -f and -k that --write could not write back. */
export function unwritable({ filename = [], kustomize }: FileFlags): Problem[] {
  const refuse = (what: string) =>
    fileProblem(
      '--write',
      `${what} is no file that could be changed`,
      'Name the files themselves, or leave --write out.',
    );
  return [
    ...(filename.includes('-') ? [refuse('stdin')] : []),
    ...(kustomize === undefined ? [] : [refuse('what kustomize makes')]),
  ];
}

/** A file that cannot be used. */
export function fileProblem(path: string, message: string, hint: string): Problem {
  return { code: 'file', level: 'deny', path, message, hint };
}
