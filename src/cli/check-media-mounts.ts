// `media-stack check-media-mounts NAMESPACE`: looks into every pod that has to do with media, whether it sees its mounts.
import { Option } from 'commander';
import type { Command } from 'commander';
import { addClusterOptions } from './cluster-options.ts';
import type { ClusterFlags } from './cluster-options.ts';
import { UsageError } from './usage-error.ts';

export interface CheckFlags extends ClusterFlags {
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly all?: boolean;
  readonly verbose?: boolean;
  readonly watch?: boolean;
  readonly interval: number;
  readonly report?: string;
  readonly minEntries: number;
  readonly maxCount: number;
  readonly timeout: number;
  readonly parallel: number;
  readonly settings?: string;
  readonly output: 'text' | 'json';
  readonly json?: boolean;
}

/** Puts `check-media-mounts` (`check`) on the program. */
export function registerCheckMediaMounts(program: Command): void {
  const command = program
    .command('check-media-mounts')
    .alias('check')
    .description('look into the pods of a namespace, whether they see their mounts')
    .argument('[namespace]', 'the same as -n')
    .option('-A, --all-namespaces', 'the pods of all namespaces')
    .option('-l, --selector <selector>', 'only pods with these labels, as kubectl has it')
    .option('--all', 'name the pods too that have nothing to do with media')
    .option('-v, --verbose', 'container, latency and the answer of the server for each mount')
    .option('-w, --watch', 'look again and again, until Ctrl-C')
    .option('--interval <seconds>', 'pause of --watch', positiveNumber('--interval'), 30)
    .option('--report <file>', 'write a page in HTML too')
    .option('--min-entries <n>', 'fewer entries are a warning', wholeNumber('--min-entries', 0), 1000)
    .option('--max-count <n>', 'stop counting entries there', wholeNumber('--max-count', 1), 25_000)
    .option(
      '--timeout <seconds>',
      'for each question to a mount; a pod may take three times as long',
      wholeNumber('--timeout', 1),
      10,
    )
    .option('--parallel <n>', 'pods at once', wholeNumber('--parallel', 1), 20)
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)')
    .addOption(new Option('-o, --output <form>', 'what to print').choices(['text', 'json']).default('text'))
    .option('--json', 'the same as -o json');
  addClusterOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (namespace: string | undefined, flags: CheckFlags) => {
      const { checkMediaMounts } = await import('./check-run.ts');
      process.exitCode = await checkMediaMounts(namespace, flags);
    });
}

const EXAMPLES = `
Looked at is every pod that carries the label, has mount sidecars, or mounts the media volume. The label with the value
"false" takes a pod out. Needs: get and list pods, get and create pods/exec.

Examples:
  media-stack check-media-mounts media
  media-stack check-media-mounts media --min-entries 1 | grep sonarr
  media-stack check -A --report mounts.html

Exit codes: 0 every mount is fine (or has only a warning), 1 a mount fails, 2 could not run, or may not
look into a pod.
`;

function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && Number(text) >= least && Number.isSafeInteger(Number(text)))
      return Number(text);
    throw new UsageError(
      `${name} ${JSON.stringify(text)} is not a whole number of at least ${least}`,
      `Write for example ${name} ${Math.max(least, 10)}.`,
    );
  };
}

function positiveNumber(name: string): (text: string) => number {
  return (text) => {
    if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
    throw new UsageError(
      `${name} ${JSON.stringify(text)} is not a number of seconds above zero`,
      `Write for example ${name} 30.`,
    );
  };
}
