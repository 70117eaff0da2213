// Judges what lint is given, one file after the other; of each only what the report needs is kept.
import { realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Problem } from '../problem/problem.ts';
import type { AdmissionClient } from './admission-client.ts';
import { fileErrorText } from './file-error.ts';
import { judgeFile, keepForReport } from './lint-manifests.ts';
import type { JudgedFile, LintedFile } from './lint-manifests.ts';
import type { LintResult } from './lint-result.ts';
import { startServerJudge } from './lint-server.ts';
import type { LintOptions } from './lint-workload.ts';
import { fileProblem, isNoManifest, readManifestFiles } from './manifest-files.ts';
import type { ManifestFile } from './manifest-files.ts';
import { mendManifests } from './mend-manifests.ts';
import { startProgress } from './report/progress.ts';
import { tryReplaceFile } from './replace-file.ts';
import { walkManifests } from './walk-manifests.ts';

export interface LintRun extends LintOptions {
  /** Files, folders, or `-` for stdin. */
  readonly paths: readonly string[];
  readonly kustomize: string | undefined;
  /** Only findings of these rules; all where undefined. */
  readonly rules: readonly string[] | undefined;
  /** Mends what needs no guess: in the files, or only for `onMended`. */
  readonly fix?: 'write' | 'dry-run' | undefined;
  /** The endpoint whose verdict counts. */
  readonly client?: AdmissionClient | undefined;
  /** Is told of each file that --fix changes, before the next one. */
  readonly onMended: (file: ManifestFile, after: string) => void;
  /** Is told what --fix could not do though it knows how. */
  readonly onLeft: (problem: Problem, file: ManifestFile) => void;
}

/** What cannot be read is part of the result; rejects with the `ServerUnreachable` of the client. */
export async function runLint(run: LintRun): Promise<LintResult> {
  const unread: Problem[] = [];
  const files: LintedFile[] = [];
  const seen = new Set<string>();
  const server = run.client && startServerJudge(run.client, run);
  const progress = startProgress(process.stderr);

  const judge = async (
    flags: { filename?: readonly string[]; kustomize?: string },
    isWalked = false,
  ): Promise<void> => {
    const read = await readManifestFiles(flags);
    unread.push(...read.problems);
    for (const file of read.files) {
      const isOnDisk = flags.kustomize === undefined && file.file !== 'stdin';
      const isOther = isWalked && isNoManifest(file);
      files.push(isOther ? keepForReport(notKubernetes(file), run.rules) : await judgeOne(file, isOnDisk));
      progress.update(`file ${files.length}: ${file.file}`);
    }
  };
  const judgeOne = async (file: ManifestFile, isOnDisk: boolean): Promise<LintedFile> => {
    const mended = run.fix && isOnDisk ? mendManifests(file, run, run.rules) : null;
    for (const problem of mended?.left ?? []) run.onLeft(problem, file);
    const isChanged = mended !== null && mended.text !== file.text;
    if (isChanged) run.onMended(file, mended.text);
    const failure = isChanged && run.fix === 'write' ? await tryReplaceFile(file.file, mended.text) : null;
    if (failure) unread.push(failure);
    const isMended = isChanged && !failure;
    let judged = judgeFile(isMended ? { ...file, text: mended.text } : file, run);
    if (server) judged = { ...judged, subjects: await server.ask(judged.subjects) };
    return keepForReport(judged, run.rules, isMended ? mended.mends : []);
  };
  const judgePath = async (path: string, isWalked: boolean): Promise<void> => {
    const id = path === '-' ? path : identityOf(path);
    if (seen.has(id)) return;
    seen.add(id);
    await judge({ filename: [path] }, isWalked);
  };

  try {
    for (const path of run.paths) {
      if (path === '-' || !(await isFolder(path))) {
        await judgePath(path, false);
        continue;
      }
      const before = files.length;
      const onUnreadable = (folder: string, error: unknown) =>
        unread.push(fileProblem(folder, `cannot be read: ${fileErrorText(error)}`, 'Check its permissions.'));
      for await (const file of walkManifests(path, onUnreadable)) await judgePath(file, true);
      if (files.length === before && unread.length === 0)
        process.stderr.write(`No manifest (.yaml, .yml, .json) was found in ${path}.\n`);
    }
    if (run.kustomize !== undefined) await judge({ kustomize: run.kustomize });
  } finally {
    progress.end();
  }
  return { files, unread, ...(server ? { server: server.account() } : {}) };
}

/** The same for every path to one file; what is not there is named by whoever reads it. */
function identityOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function notKubernetes(file: ManifestFile): JudgedFile {
  return { ...file, subjects: [], passed: new Map([['no Kubernetes object', 1]]), problems: [] };
}

async function isFolder(path: string): Promise<boolean> {
  // What is not there is named by whoever reads it.
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
