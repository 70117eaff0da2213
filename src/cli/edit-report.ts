// What inject and uninject print: manifests, a diff or the patches on stdout, the account of it on stderr.
import { readManifests } from '../workload/documents.ts';
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from './exit-code.ts';
import { NO_WORKLOAD } from './manifest-files.ts';
import type { EditedFile } from './manifest-injection.ts';
import type { Problem } from '../problem/problem.ts';
import { renderDiff } from './report/diff-text.ts';
import { renderProblemText } from './report/problem-text.ts';
import { paintFor } from './report/style.ts';
import { renderTable } from './report/table.ts';

export type EditOutput = 'yaml' | 'json' | 'diff' | 'patch' | 'none';

/**
 * Prints the result of editing files and gives the exit code. Nothing goes to stdout when a workload was refused or a
 * file could not be read: half a set of manifests, piped to kubectl apply, would do harm.
 */
export function reportEdits(
  edited: readonly EditedFile[],
  unread: readonly Problem[],
  output: EditOutput,
): number {
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
  process.stdout.write(renderOutput(edited, output));
  return EXIT_OK;
}

function renderOutput(edited: readonly EditedFile[], output: EditOutput): string {
  switch (output) {
    case 'none':
      return '';
    case 'yaml':
      return joinDocuments(edited.map((file) => file.after));
    case 'json': {
      const values = edited.flatMap((file) =>
        readManifests(file.after, file.file).documents.map((document) => document.value),
      );
      const list = values.length === 1 ? values[0] : { apiVersion: 'v1', kind: 'List', items: values };
      return `${JSON.stringify(list, null, 2)}\n`;
    }
    case 'diff':
      return edited
        .map((file) => renderDiff(file.file, file.before, file.after, paintFor(process.stdout)))
        .join('');
    case 'patch': {
      const patches = edited.flatMap(({ file, workloads }) =>
        workloads
          .filter(({ patch }) => patch.length > 0)
          .map(({ workload, patch }) => ({
            file,
            apiVersion: workload.apiVersion,
            kind: workload.kind,
            namespace: workload.namespace,
            name: workload.name,
            patch,
          })),
      );
      return `${JSON.stringify(patches, null, 2)}\n`;
    }
  }
}

/** Files one behind the other as one stream of documents; a single file stays as it is, byte for byte. */
function joinDocuments(texts: readonly string[]): string {
  return texts
    .map((text, index) => {
      if (index === texts.length - 1) return text;
      const ended = text.endsWith('\n') ? text : `${text}\n`;
      return /^---(\s|$)/.test(texts[index + 1] ?? '') ? ended : `${ended}---\n`;
    })
    .join('');
}
