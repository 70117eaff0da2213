// `media-stack inject`: manifests in, injected manifests out. The same decision as the webhook's, offline.
import type { Command } from 'commander';
import { addOutputOptions, chosenTarget } from './edit-options.ts';
import type { EditFlags } from './edit-options.ts';
import { EXIT_COULD_NOT_RUN } from './exit-code.ts';
import { addFileOptions } from './manifest-files.ts';
import type { FileFlags } from './manifest-files.ts';

interface InjectFlags extends FileFlags, EditFlags {
  readonly settings?: string;
  readonly assumeLabel?: boolean;
}

/** Puts `inject` on the program. */
export function registerInject(program: Command): void {
  const command = program
    .command('inject')
    .description('inject the mounts into manifests and print them; comments and order stay')
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)')
    .option('--assume-label', 'inject workloads without the label too');
  addOutputOptions(addFileOptions(command))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: InjectFlags) => {
      process.exitCode = await inject(flags);
    });
}

const EXAMPLES = `
Examples:
  media-stack inject -f sonarr.yaml --diff
  media-stack inject -f sonarr.yaml | kubectl apply -f -
  helm template ./chart | media-stack inject -f - > injected.yaml
  media-stack inject -R -f apps/ --write

Exit codes: 0 done, 1 a workload was refused, 2 could not run.
`;

async function inject(flags: InjectFlags): Promise<number> {
  const { loadSettings } = await import('./load-settings.ts');
  const { readManifestFiles, unwritable } = await import('./manifest-files.ts');
  const { injectFile } = await import('./manifest-injection.ts');
  const { reportEdits } = await import('./edit-report.ts');
  const settings = await loadSettings(flags.settings);
  if (!settings.ok) {
    await reportEdits([], settings.problems, 'yaml');
    return EXIT_COULD_NOT_RUN;
  }
  const { files, problems } = await readManifestFiles(flags);
  const options = { settings: settings.settings, assumeLabel: flags.assumeLabel ?? false };
  return reportEdits(
    files.map((file) => injectFile(file, options)),
    [...(flags.write ? unwritable(flags) : []), ...problems],
    chosenTarget(flags),
  );
}
