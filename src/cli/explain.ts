// `media-stack explain -f FILE`: what would happen to each workload and why, every decision with its reason.
import { Option } from 'commander';
import type { Command } from 'commander';
import { SKIP_REASONS } from '../inject/skip-reason.ts';
import { EXIT_COULD_NOT_RUN, EXIT_OK } from './exit-code.ts';
import type { Explanation } from './explanation.ts';
import { NO_WORKLOAD, addFileOptions } from './manifest-files.ts';
import type { FileFlags } from './manifest-files.ts';

interface ExplainFlags extends FileFlags {
  readonly settings?: string;
  readonly assumeLabel?: boolean;
  readonly output: 'text' | 'json';
  readonly json?: boolean;
}

/** Puts `explain` on the program. */
export function registerExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('say what would happen to each workload and why')
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)')
    .option('--assume-label', 'explain workloads without the label as if they had it')
    .addOption(new Option('-o, --output <form>', 'what to print').choices(['text', 'json']).default('text'))
    .option('--json', 'the same as -o json');
  addFileOptions(command)
    .addHelpText('after', EXIT_CODES)
    .action(async (flags: ExplainFlags) => {
      process.exitCode = await explain(flags);
    });
}

const EXIT_CODES = `
Exit codes: 0 explained, whatever the outcome is, 2 could not run.
`;

async function explain(flags: ExplainFlags): Promise<number> {
  const { loadSettings } = await import('./load-settings.ts');
  const { readManifestFiles } = await import('./manifest-files.ts');
  const { explainFile } = await import('./explanation.ts');
  const { renderProblemText } = await import('./report/problem-text.ts');
  const { paintFor } = await import('./report/style.ts');
  const settings = await loadSettings(flags.settings);
  const { files, problems } = await readManifestFiles(flags);
  const options = settings.ok
    ? { settings: settings.settings, assumeLabel: flags.assumeLabel ?? false }
    : null;
  const explained = options ? files.map((file) => ({ file, ...explainFile(file, options) })) : [];
  const broken = [
    ...(settings.ok ? [] : settings.problems),
    ...problems,
    ...explained.flatMap((entry) => entry.problems),
  ];
  const sources = new Map(files.map(({ file, text }) => [file, text]));
  const paint = paintFor(process.stderr);
  for (const problem of broken)
    process.stderr.write(`${renderProblemText(problem, sources.get(problem.position?.file ?? ''), paint)}\n`);
  const explanations = explained.flatMap((entry) => entry.explanations);
  if (explanations.length === 0 && broken.length === 0) process.stderr.write(`${NO_WORKLOAD}\n`);
  if (flags.json || flags.output === 'json')
    process.stdout.write(`${JSON.stringify(explanations, null, 2)}\n`);
  else process.stdout.write(await renderText(explanations));
  return broken.length > 0 ? EXIT_COULD_NOT_RUN : EXIT_OK;
}

async function renderText(explanations: readonly Explanation[]): Promise<string> {
  const { renderTable } = await import('./report/table.ts');
  const { paintFor } = await import('./report/style.ts');
  const paint = paintFor(process.stdout);
  const blocks = explanations.map(({ file, kind, name, report, judged, verdict }) => {
    const colour = report.outcome === 'injected' ? 'green' : report.outcome === 'refused' ? 'red' : 'yellow';
    let text = `${paint('bold', `${kind}/${name}`)} ${paint('dim', `(${file})`)}: ${paint(colour, report.outcome)}`;
    if (report.outcome === 'skipped') {
      const { text: why, hint } = SKIP_REASONS[report.reason];
      text += `, ${report.reason}\n  ${why}; ${hint}\n`;
    } else text += '\n';
    text += renderTable(
      ['  DECISION', 'BECAUSE'],
      report.steps.map(({ what, why }) => [`  ${what}`, why]),
    );
    for (const problem of verdict) {
      text += `  ${paint(problem.level === 'deny' ? 'red' : 'yellow', problem.code)} ${problem.path}: ${problem.message}\n        ${paint('cyan', 'mend:')} ${problem.hint}\n`;
    }
    if (!judged) text += '  The rules did not look at it.\n';
    else if (verdict.length === 0 && report.outcome !== 'refused')
      text += '  The rules have nothing against it.\n';
    return text;
  });
  return blocks.join('\n');
}
