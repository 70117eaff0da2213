// `media-stack lint`: the rules over manifests, for people, editors and CI.
import { Option } from 'commander';
import type { Command } from 'commander';
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from './exit-code.ts';
import type { LintFlags } from './lint-flags.ts';
import type { LintResult } from './lint-result.ts';
import type { LintRun } from './lint-run.ts';
import type { Paint } from './report/style.ts';

const FORMS = ['text', 'json', 'sarif', 'github', 'junit'];

/** `--rule MS101,MS102 --rule MS103`. */
function collectRules(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((id) => id.trim())].filter((id) => id !== '');
}

/** Puts `lint` on the program. */
export function registerLint(program: Command): void {
  program
    .command('lint')
    .description('judge manifests by the rules: files, folders, or - for stdin')
    .argument(
      '[path...]',
      'files and folders; of a folder all .yaml, .yml and .json that .gitignore does not name',
    )
    .option('-f, --filename <file...>', 'the same as a path')
    .option('-k, --kustomize <folder>', 'what kubectl kustomize makes of this folder')
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)')
    .option('--assume-label', 'judge every workload as if it had the label')
    .option('--rule <ids>', 'only these rules: MS101,MS201 (can be repeated)', collectRules)
    .addOption(
      new Option('--fail-on <level>', 'exit 1 at findings of this level or above')
        .choices(['deny', 'warn', 'never'])
        .default('deny'),
    )
    .addOption(new Option('-o, --output <form>', 'what to print').choices(FORMS).default('text'))
    .addOption(new Option('--format <form>', 'the same as -o').choices(FORMS))
    .option('--json', 'the same as -o json')
    .option('--fix', 'mend in the files what needs no guess; comments are kept')
    .option('--dry-run', 'with --fix: show what would change as a diff, and write nothing')
    .option('--server <url>', 'ask this webhook instead of judging here: https://HOST:PORT')
    .option('--ca <file>', 'the CA of the server, PEM')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], flags: LintFlags) => {
      process.exitCode = await lint([...paths, ...(flags.filename ?? [])], flags);
    });
}

const EXAMPLES = `
Judged are workloads with the label, as the pods that they will become, and those with a mount sidecar.

Examples:
  media-stack lint apps/
  helm template ./chart | media-stack lint -
  media-stack lint --assume-label --fail-on warn -o github apps/ infra/
  media-stack lint --fix --dry-run apps/

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run (what can be read is judged all the same).
`;

async function lint(paths: readonly string[], flags: LintFlags): Promise<number> {
  const { loadSettings } = await import('./load-settings.ts');
  const { flagProblems } = await import('./lint-flags.ts');
  const { renderProblemText } = await import('./report/problem-text.ts');
  const { paintFor } = await import('./report/style.ts');
  const paint = paintFor(process.stderr);
  const settings = await loadSettings(flags.settings);
  const wrong = [...flagProblems(flags, paths), ...(settings.ok ? [] : settings.problems)];
  for (const problem of wrong) process.stderr.write(`${renderProblemText(problem, undefined, paint)}\n`);
  if (!settings.ok || wrong.length > 0) return EXIT_COULD_NOT_RUN;

  const { openAdmissionClient, ServerFailure } = await import('./admission-client.ts');
  const { runLint } = await import('./lint-run.ts');
  const { renderDiff } = await import('./report/diff-text.ts');
  const run: LintRun = {
    paths,
    kustomize: flags.kustomize,
    settings: settings.settings,
    assumeLabel: flags.assumeLabel ?? false,
    rules: flags.rule,
    fix: flags.fix ? (flags.dryRun ? 'dry-run' : 'write') : undefined,
    onMended: ({ file, text }, after) => {
      if (flags.dryRun) process.stdout.write(renderDiff(file, text, after, paintFor(process.stdout)));
    },
    onLeft: (problem, { text }) => {
      process.stderr.write(`Not mended: ${renderProblemText(problem, text, paint)}\n`);
    },
  };
  try {
    const client = flags.server === undefined ? undefined : await openAdmissionClient(flags.server, flags.ca);
    const result = await runLint({ ...run, client });
    client?.close();
    return await report(result, flags, paint);
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
    process.stderr.write(`${renderProblemText(error.problem, undefined, paint)}\n`);
    return EXIT_COULD_NOT_RUN;
  }
}

async function report(result: LintResult, flags: LintFlags, paint: Paint): Promise<number> {
  const { chosenForm } = await import('./lint-flags.ts');
  const { countResult, isFailed, listErrors } = await import('./lint-result.ts');
  const { renderLint } = await import('./report/lint-report.ts');
  const { renderProblemText } = await import('./report/problem-text.ts');
  const errors = listErrors(result);
  const sources = new Map(result.files.map(({ file, text }) => [file, text]));
  for (const problem of errors)
    process.stderr.write(`${renderProblemText(problem, sources.get(problem.position?.file ?? ''), paint)}\n`);
  for (const line of result.server?.disagreements ?? [])
    process.stderr.write(`${paint('yellow', 'Disagreement:')} ${line}\n`);
  const counts = countResult(result);
  // A dry run's stdout is the diff.
  const stream = flags.dryRun ? process.stderr : process.stdout;
  if (flags.dryRun) process.stderr.write('Nothing was written: this is a dry run.\n');
  stream.write(renderLint(chosenForm(flags), result, counts, flags.failOn, stream));
  if (errors.length > 0) return EXIT_COULD_NOT_RUN;
  return isFailed(counts, flags.failOn) ? EXIT_NO : EXIT_OK;
}
