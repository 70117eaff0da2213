// What inject and uninject print: manifests, a diff or the patches on stdout, the account of it on stderr.
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from './exit-code.ts';
import { NO_WORKLOAD } from './manifest-files.ts';
import type { EditedFile } from './manifest-injection.ts';
import type { Problem } from '../problem/problem.ts';
import { renderEdits } from './report/edit-text.ts';
import type { EditOutput } from './report/edit-text.ts';
import { renderProblemText } from './report/problem-text.ts';
import { paintFor } from './report/style.ts';
import { renderTable } from './report/table.ts';
import { tryReplaceFile } from './replace-file.ts';

/** Where the result goes: to stdout in some form, or into the files. */
export type EditTarget = EditOutput | 'files';

/**
 * Prints or writes the result of editing files and gives the exit code. Nothing is written when a workload was refused
 * or a file could not be read: half a set of manifests, piped to kubectl apply, would do harm.
 */
export async function reportEdits(
  edited: readonly EditedFile[],
  unread: readonly Problem[],
  target: EditTarget,
): Promise<number> {
  const workloads = edited.flatMap((file) => file.workloads);
  const broken = [...unread, ...edited.flatMap((file) => file.problems)];
  const refused = workloads.flatMap((outcome) => outcome.problems);
  const sources = new Map(edited.map((file) => [file.file, file.before]));
  const paint = paintFor(process.stderr);
  for (const problem of [...broken, ...refused]) {
    process.stderr.write(`${renderProblemText(problem, sources.get(problem.position?.file ?? ''), paint)}\n`);
  }
  const rows = workloads.map(({ file, workload, outcome, detail }) => [
    file,
    `${workload.kind}/${workload.name}`,
    outcome,
    detail,
  ]);
  process.stderr.write(renderTable(['FILE', 'WORKLOAD', 'OUTCOME', 'DETAIL'], rows));
  if (rows.length === 0 && broken.length === 0) process.stderr.write(`${NO_WORKLOAD}\n`);
  const warnings = [
    ...workloads.flatMap(({ file, workload, warnings }) =>
      warnings.map((warning) => `${file}: ${workload.kind}/${workload.name}: ${warning}`),
    ),
    ...edited.flatMap((file) => file.notes),
  ];
  for (const warning of warnings) {
    process.stderr.write(`${paint('yellow', 'Warning:')} ${warning}\n`);
  }
  if (broken.length + refused.length > 0) {
    const word = broken.length > 0 ? 'Could not run:' : 'Refused:';
    process.stderr.write(
      `${paint('red', word)} nothing was written, so that nothing is applied by halves.\n`,
    );
    return broken.length > 0 ? EXIT_COULD_NOT_RUN : EXIT_NO;
  }
  if (target === 'files') return writeFiles(edited);
  process.stdout.write(renderEdits(edited, target));
  return EXIT_OK;
}

async function writeFiles(edited: readonly EditedFile[]): Promise<number> {
  const failures: Problem[] = [];
  for (const { file, before, after } of edited) {
    const failure = before === after ? null : await tryReplaceFile(file, after);
    if (failure) failures.push(failure);
  }
  const paint = paintFor(process.stderr);
  for (const failure of failures) process.stderr.write(`${renderProblemText(failure, undefined, paint)}\n`);
  return failures.length > 0 ? EXIT_COULD_NOT_RUN : EXIT_OK;
}
