// Migrates what it is given, one file after the other, and writes each that is done.
import { fileErrorText } from './file-error.ts';
import type { Problem } from '../problem/problem.ts';
import { fileProblem, isNoManifest, readManifestFiles } from './manifest-files.ts';
import type { FileFlags, ManifestFile } from './manifest-files.ts';
import { migrateFile } from './migrate-manifest.ts';
import type { MigratedFile, MigrateOptions } from './migrate-manifest.ts';
import { tryReplaceFile } from './replace-file.ts';
import { startProgress } from './report/progress.ts';
import { walkManifests } from './walk-manifests.ts';

export interface MigrateRun extends MigrateOptions {
  readonly files: FileFlags;
  /** A folder to walk to the end. */
  readonly all: string | undefined;
  readonly write: boolean;
}

export interface MigrateResult {
  readonly files: readonly MigratedFile[];
  /** Files that could not be read or written at all. */
  readonly failures: readonly Problem[];
}

/** Goes on behind what cannot be read or written: it is part of the result. */
export async function runMigrate(run: MigrateRun): Promise<MigrateResult> {
  const files: MigratedFile[] = [];
  const failures: Problem[] = [];
  const progress = startProgress(process.stderr);
  const migrate = async (file: ManifestFile, isWalked: boolean): Promise<void> => {
    const migrated = migrateFile(file, run);
    const isChanged = migrated.after !== migrated.before;
    const failure = run.write && isChanged ? await tryReplaceFile(file.file, migrated.after) : null;
    if (failure) failures.push(failure);
    // What a walk only passes is a template, or something else altogether.
    const problems = isWalked
      ? migrated.problems.filter(({ code }) => code !== 'helm-template')
      : migrated.problems;
    files.push({ ...migrated, problems });
    progress.update(`${files.length} files, ${file.file}`);
  };
  const read = async (flags: FileFlags, isWalked: boolean): Promise<void> => {
    const found = await readManifestFiles(flags);
    failures.push(...found.problems);
    for (const file of found.files) if (!isWalked || !isNoManifest(file)) await migrate(file, isWalked);
  };
  try {
    if (run.files.filename !== undefined || run.files.kustomize !== undefined) await read(run.files, false);
    if (run.all !== undefined) {
      const onUnreadable = (folder: string, error: unknown) =>
        failures.push(
          fileProblem(folder, `cannot be read: ${fileErrorText(error)}`, 'Name a folder that can be read.'),
        );
      for await (const file of walkManifests(run.all, onUnreadable)) await read({ filename: [file] }, true);
    }
  } finally {
    progress.end();
  }
  return { files, failures };
}
