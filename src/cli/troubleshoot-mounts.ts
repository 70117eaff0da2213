// `media-stack troubleshoot-mounts POD NAMESPACE`: ordered checks from the pod outwards, each failure with cause and mend.
import { Option } from 'commander';
import type { Command } from 'commander';
import { addClusterOptions } from './cluster-options.ts';
import type { ClusterFlags } from './cluster-options.ts';

export interface TroubleshootFlags extends ClusterFlags {
  readonly exec: boolean;
  readonly only?: readonly string[];
  readonly settings?: string;
  readonly output: 'text' | 'json';
  readonly json?: boolean;
}

/** `--only mounts,secrets --only cpu`. */
function collectIds(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((id) => id.trim())].filter((id) => id !== '');
}

/** Puts `troubleshoot-mounts` (`troubleshoot`) on the program. */
export function registerTroubleshootMounts(program: Command): void {
  const command = program
    .command('troubleshoot-mounts')
    .alias('troubleshoot')
    .description('find out why a pod does not see its mounts')
    .argument(
      '<pod>',
      'POD, or deployment/NAME (statefulset/, daemonset/, job/): the pod of it that is worst off',
    )
    .argument('[namespace]', 'the same as -n')
    .option('--no-exec', 'run nothing in the containers: judge by what the API knows')
    .option('--only <ids>', 'only these checks, by the id that -o json shows: mounts,secrets', collectIds)
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)')
    .addOption(new Option('-o, --output <form>', 'what to print').choices(['text', 'json']).default('text'))
    .option('--json', 'the same as -o json');
  addClusterOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (pod: string, namespace: string | undefined, flags: TroubleshootFlags) => {
      const { troubleshootMounts } = await import('./troubleshoot-run.ts');
      process.exitCode = await troubleshootMounts(pod, namespace, flags);
    });
}

const EXAMPLES = `
Nothing is changed: what is created is a dry run. Of Secrets only the names of keys and sections are read. A check that
the account may not make says which right it lacks; the others go on.

Examples:
  media-stack troubleshoot-mounts sonarr-7d9f5c9b4-x2x8p media
  media-stack troubleshoot-mounts deployment/sonarr -n media
  media-stack troubleshoot deployment/sonarr media --no-exec -o json

Exit codes: 0 all is fine (or has only a warning), 1 a check failed, 2 could not run.
`;
