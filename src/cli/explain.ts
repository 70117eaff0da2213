// `media-stack explain`: what would happen or did happen to workloads and why, every decision with its reason.
import { Option } from 'commander';
import type { Command } from 'commander';
import { addClusterOptions } from './cluster-options.ts';
import type { ClusterFlags } from './cluster-options.ts';
import { EXIT_COULD_NOT_RUN, EXIT_OK } from './exit-code.ts';
import type { Explanation } from './explanation.ts';
import { NO_WORKLOAD, addFileOptions } from './manifest-files.ts';
import type { FileFlags } from './manifest-files.ts';
import { UsageError } from './usage-error.ts';

export interface ExplainFlags extends FileFlags, ClusterFlags {
  readonly settings?: string;
  readonly assumeLabel?: boolean;
  readonly output: 'text' | 'json';
  readonly json?: boolean;
}

/** Puts `explain` on the program. */
export function registerExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('say what would happen, or did happen, to workloads and why')
    .argument('[pod]', 'a pod of the cluster, or deployment/sonarr, sts/plex, ds/agent')
    .argument('[namespace]', 'the same as --namespace')
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)')
    .option('--assume-label', 'explain workloads without the label as if they had it')
    .addOption(new Option('-o, --output <form>', 'what to print').choices(['text', 'json']).default('text'))
    .option('--json', 'the same as -o json');
  addClusterOptions(addFileOptions(command))
    .addHelpText('after', EXAMPLES)
    .action(async (pod: string | undefined, namespace: string | undefined, flags: ExplainFlags) => {
      process.exitCode = await (pod === undefined
        ? explainFiles(flags)
        : explainCluster(pod, namespace, flags));
    });
}

const EXAMPLES = `
Examples:
  media-stack explain -f sonarr.yaml
  media-stack explain sonarr-7d4b9c-x2x8p -n media
  media-stack explain deployment/sonarr media

Exit codes: 0 explained, whatever the outcome is, 2 could not run.
`;

async function explainCluster(
  pod: string,
  namespace: string | undefined,
  flags: ExplainFlags,
): Promise<number> {
  if (flags.filename !== undefined || flags.kustomize !== undefined)
    throw new UsageError(`${pod} is in the cluster, -f is for files`, 'Name one of the two.');
  const { explainLive } = await import('./explain-live.ts');
  const { renderProblemText } = await import('./report/problem-text.ts');
  const { paintFor } = await import('./report/style.ts');
  const explained = await explainLive(pod, namespace, flags);
  for (const problem of explained.problems)
    process.stderr.write(renderProblemText(problem, undefined, paintFor(process.stderr)));
  if (explained.problems.length > 0) return EXIT_COULD_NOT_RUN;
  await print(explained.explanations, flags);
  return EXIT_OK;
}

async function explainFiles(flags: ExplainFlags): Promise<number> {
  if (flags.filename === undefined && flags.kustomize === undefined)
    throw new UsageError(
      'nothing is named',
      'media-stack explain POD -n NAMESPACE, or media-stack explain -f FILE',
    );
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
  await print(explanations, flags);
  return broken.length > 0 ? EXIT_COULD_NOT_RUN : EXIT_OK;
}

async function print(explanations: readonly Explanation[], flags: ExplainFlags): Promise<void> {
  const { renderExplanations } = await import('./report/explanation-text.ts');
  const { paintFor } = await import('./report/style.ts');
  process.stdout.write(
    flags.json || flags.output === 'json'
      ? `${JSON.stringify(explanations, null, 2)}\n`
      : renderExplanations(explanations, paintFor(process.stdout)),
  );
}
