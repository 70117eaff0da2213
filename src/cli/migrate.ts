// `media-stack migrate`: hand-written rclone sidecars out, the label in, with what they had kept as annotations.
import type { Command } from 'commander';
import { addOutputOptions, chosenOutput } from './edit-options.ts';
import type { EditFlags } from './edit-options.ts';
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from './exit-code.ts';
import { addFileOptions } from './manifest-files.ts';
import type { FileFlags } from './manifest-files.ts';
import type { MigrateResult } from './migrate-run.ts';

interface MigrateFlags extends FileFlags, EditFlags {
  readonly settings?: string;
  readonly all?: string;
  readonly defaults?: boolean;
}

/** Puts `migrate` on the program. */
export function registerMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description('replace hand-written rclone sidecars by the label; comments and order stay')
    .option('--all <folder>', 'every manifest in this folder and below that .gitignore does not name')
    .option(
      '--defaults',
      'no annotations that keep options: those of the settings win, and what changes is listed',
    )
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)');
  addOutputOptions(addFileOptions(command), 'diff')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: MigrateFlags) => {
      process.exitCode = await migrate(flags);
    });
}

const EXAMPLES = `
Out go mount sidecars, init-dirs, Secret volumes and the preferred node affinity that the webhook would inject, and
the label is put on the pod template. What can be kept becomes an annotation, what cannot is listed. The result is
injected and compared with the original: one that would not run as before is never written. Nothing is written
without --write. Sidecars that mount what the settings do not know stay, with what to do.

Examples:
  media-stack migrate -f sonarr.yaml --settings settings.yaml
  media-stack migrate -f sonarr.yaml --write
  media-stack migrate --all apps/ --settings settings.yaml --write
  kubectl get deployment sonarr -o yaml | media-stack migrate -f - -o yaml

Exit codes: 0 migrated or nothing to do, 1 something hand-written had to stay, 2 could not run.
`;

async function migrate(flags: MigrateFlags): Promise<number> {
  const { loadSettings } = await import('./load-settings.ts');
  const { renderProblemText } = await import('./report/problem-text.ts');
  const { paintFor } = await import('./report/style.ts');
  const paint = paintFor(process.stderr);
  const settings = await loadSettings(flags.settings);
  const wrong = [...(await usageProblems(flags)), ...(settings.ok ? [] : settings.problems)];
  for (const problem of wrong) process.stderr.write(`${renderProblemText(problem, undefined, paint)}\n`);
  if (!settings.ok || wrong.length > 0) return EXIT_COULD_NOT_RUN;
  const { runMigrate } = await import('./migrate-run.ts');
  const result = await runMigrate({
    files: flags,
    all: flags.all,
    write: flags.write ?? false,
    settings: settings.settings,
    defaults: flags.defaults ?? false,
  });
  return report(result, flags);
}

async function usageProblems(flags: MigrateFlags) {
  const { fileProblem, unwritable } = await import('./manifest-files.ts');
  const isNothing = flags.filename === undefined && flags.kustomize === undefined && flags.all === undefined;
  return [
    ...(isNothing
      ? [
          fileProblem(
            '',
            'no manifest was given',
            'Name one with -f FILE, a folder with --all FOLDER, or pipe it in with -f -',
          ),
        ]
      : []),
    ...(flags.write ? unwritable(flags) : []),
  ];
}

async function report({ files, failures }: MigrateResult, flags: MigrateFlags): Promise<number> {
  const { renderEdits } = await import('./report/edit-text.ts');
  const { renderMigrations } = await import('./report/migrate-text.ts');
  const { renderProblemText } = await import('./report/problem-text.ts');
  const { paintFor } = await import('./report/style.ts');
  const { NO_WORKLOAD } = await import('./manifest-files.ts');
  const paint = paintFor(process.stderr);
  const workloads = files.flatMap((file) => file.workloads);
  const broken = [...failures, ...files.flatMap((file) => file.problems)];
  const sources = new Map(files.map(({ file, before }) => [file, before]));
  for (const problem of [...broken, ...workloads.flatMap(({ problems }) => problems)])
    process.stderr.write(`${renderProblemText(problem, sources.get(problem.position?.file ?? ''), paint)}\n`);
  process.stderr.write(renderMigrations(workloads, paint));
  if (workloads.length === 0 && broken.length === 0) process.stderr.write(`${NO_WORKLOAD}\n`);
  for (const note of files.flatMap(({ notes }) => notes))
    process.stderr.write(`${paint('yellow', 'Warning:')} ${note}\n`);
  const changed = files.filter(({ before, after }) => before !== after);
  if (flags.write) process.stderr.write(`${countWritten(changed.length, failures.length)}\n`);
  else {
    const output = chosenOutput(flags);
    // Half a set of manifests, piped to kubectl apply, would do harm; a diff is only looked at.
    if (output === 'diff' || broken.length === 0)
      process.stdout.write(renderEdits(flags.all === undefined ? files : changed, output));
    else
      process.stderr.write(
        `${paint('red', 'Could not run:')} nothing was written, so that nothing is applied by halves.\n`,
      );
  }
  if (broken.length > 0) return EXIT_COULD_NOT_RUN;
  return workloads.every(isDone) ? EXIT_OK : EXIT_NO;
}

function countWritten(changed: number, failed: number): string {
  const written = Math.max(0, changed - failed);
  return written === 1 ? '1 file was written.' : `${written === 0 ? 'No' : written} files were written.`;
}

function isDone({ migration, problems }: MigrateResult['files'][number]['workloads'][number]): boolean {
  if (problems.length > 0) return false;
  return migration.outcome === 'nothing' || (migration.outcome === 'migrated' && migration.left.length === 0);
}
