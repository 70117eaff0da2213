// `media-stack uninject`: the reverse of inject, exact by the status annotation.
import type { Command } from 'commander';
import { addOutputOptions, chosenTarget } from './edit-options.ts';
import type { EditFlags } from './edit-options.ts';
import { addFileOptions } from './manifest-files.ts';
import type { FileFlags } from './manifest-files.ts';

const EXAMPLES = `
What goes is what the annotation media-stack/status names; what somebody has changed since stays and is named.

Examples:
  media-stack uninject -f injected.yaml --diff
  media-stack uninject -R -f apps/ --write
  kubectl get deployment sonarr -o yaml | media-stack uninject -f -

Exit codes: 0 done, 1 a workload cannot be read as one, 2 could not run.
`;

/** Puts `uninject` on the program. */
export function registerUninject(program: Command): void {
  const command = program.command('uninject').description('take out of manifests what inject put in');
  addOutputOptions(addFileOptions(command))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: FileFlags & EditFlags) => {
      const { readManifestFiles, unwritable } = await import('./manifest-files.ts');
      const { uninjectFile } = await import('./manifest-injection.ts');
      const { reportEdits } = await import('./edit-report.ts');
      const { files, problems } = await readManifestFiles(flags);
      process.exitCode = await reportEdits(
        files.map(uninjectFile),
        [...(flags.write ? unwritable(flags) : []), ...problems],
        chosenTarget(flags),
      );
    });
}
