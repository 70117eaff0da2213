// `media-stack uninject`: the reverse of inject, exact by the status annotation.
import type { Command } from 'commander';
import { addOutputOptions, chosenOutput } from './edit-options.ts';
import type { EditFlags } from './edit-options.ts';
import { addFileOptions } from './manifest-files.ts';
import type { FileFlags } from './manifest-files.ts';

const EXIT_CODES = `
Exit codes: 0 done, 2 could not run.
`;

/** Puts `uninject` on the program. */
export function registerUninject(program: Command): void {
  const command = program.command('uninject').description('take out of manifests what inject put in');
  addOutputOptions(addFileOptions(command))
    .addHelpText('after', EXIT_CODES)
    .action(async (flags: FileFlags & EditFlags) => {
      const { readManifestFiles } = await import('./manifest-files.ts');
      const { uninjectFile } = await import('./manifest-injection.ts');
      const { reportEdits } = await import('./edit-report.ts');
      const { files, problems } = await readManifestFiles(flags);
      process.exitCode = reportEdits(files.map(uninjectFile), problems, chosenOutput(flags));
    });
}
