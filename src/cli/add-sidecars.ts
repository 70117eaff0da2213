// `media-stack add-sidecars`: the label, or the sidecars themselves, onto workloads in the cluster or in files.
import { Option } from 'commander';
import type { Command } from 'commander';
import { addClusterOptions } from './cluster-options.ts';
import type { ClusterFlags } from './cluster-options.ts';
import { addFileOptions } from './manifest-files.ts';
import type { FileFlags } from './manifest-files.ts';
import { UsageError } from './usage-error.ts';

export interface AddFlags extends ClusterFlags, FileFlags {
  readonly settings?: string;
  readonly inline?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly timeout: string;
  readonly write?: boolean;
  readonly output?: 'diff' | 'yaml';
}

/** Puts `add-sidecars` on the program. */
export function registerAddSidecars(program: Command): void {
  const command = program
    .command('add-sidecars')
    .alias('add')
    .description('give a workload its mounts: in the cluster by name, or in files with -f')
    .argument('[name]', 'sonarr, deployment/sonarr, sts/plex, ds/agent; with -f only this workload')
    .argument('[namespace]', 'the same as --namespace')
    .option('--dry-run', 'show what would change and what the API server says to it; nothing is stored')
    .option('-y, --yes', 'do not ask')
    .option('--force', 'do not ask, and go ahead whatever the rules say, over the label "false" too')
    .option('--inline', 'write the sidecars into the template in place of the label')
    .option('--wait', 'wait until the new pods are there')
    .option('--timeout <duration>', 'how long --wait waits: 90s, 5m, 1h', '5m')
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)')
    .option('--write', 'with -f: write the files; comments are kept')
    .addOption(
      new Option('-o, --output <form>', 'with -f: what to print (default: diff)').choices(['diff', 'yaml']),
    );
  addClusterOptions(addFileOptions(command))
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, namespace: string | undefined, flags: AddFlags) => {
      process.exitCode = await addSidecars(name, namespace, flags);
    });
}

const EXAMPLES = `
Examples:
  media-stack add-sidecars sonarr media
  media-stack add-sidecars deployment/sonarr -n media --dry-run
  media-stack add-sidecars sts/plex -n media --yes --wait --timeout 10m
  media-stack add-sidecars -f apps/sonarr.yaml
  media-stack add-sidecars -R -f apps/ --write
  media-stack add-sidecars sonarr -f apps.yaml -o yaml | kubectl apply -f -

Exit codes: 0 done, or there was nothing to do, 1 not done: refused by a rule, the API server or you, of no use there, or
the rollout did not come, 2 could not run.
`;

async function addSidecars(
  name: string | undefined,
  namespace: string | undefined,
  flags: AddFlags,
): Promise<number> {
  const isOnFiles = flags.filename !== undefined || flags.kustomize !== undefined;
  const wrong = isOnFiles ? LIVE_ONLY : FILES_ONLY;
  const used = wrong.find((option) => flags[option] !== undefined);
  if (used !== undefined) {
    throw new UsageError(
      isOnFiles
        ? `--${toKebabCase(used)} is for a workload in the cluster, -f is for files`
        : `--${toKebabCase(used)} is for files, and none is named`,
      isOnFiles ? 'Use one of them.' : 'Name files with -f FILE, or - for stdin.',
    );
  }
  if (isOnFiles) {
    const { addToFiles } = await import('./add-files.ts');
    return addToFiles(flags, name, namespace);
  }
  if (name === undefined) {
    throw new UsageError(
      'no workload is named',
      'media-stack add-sidecars NAME NAMESPACE, or for files: media-stack add-sidecars -f FILE',
    );
  }
  const { addLive } = await import('./add-live.ts');
  return addLive(name, namespace, flags);
}

const LIVE_ONLY = ['wait', 'context', 'kubeconfig'] as const;
const FILES_ONLY = ['write', 'output', 'recursive'] as const;

function toKebabCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
