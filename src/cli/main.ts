#!/usr/bin/env node
// The command line. Each command is a file of its own and loads what it needs only when it runs.
import { Command, CommanderError } from 'commander';
import { ClusterError } from '../cluster/cluster-error.ts';
import { VERSION } from '../version.ts';
import { registerAddSidecars } from './add-sidecars.ts';
import { COMPLETE_WORD, complete } from './complete.ts';
import { registerCompletion } from './completion.ts';
import { EXIT_COULD_NOT_RUN, EXIT_OK } from './exit-code.ts';
import { registerCheckMediaMounts } from './check-media-mounts.ts';
import { registerExplain } from './explain.ts';
import { registerGenerateMediaApp } from './generate-media-app.ts';
import { registerInject } from './inject.ts';
import { registerLint } from './lint.ts';
import { registerMigrate } from './migrate.ts';
import { registerPolicy } from './policy.ts';
import { registerServe } from './serve.ts';
import { paintFor } from './report/style.ts';
import { registerTroubleshootMounts } from './troubleshoot-mounts.ts';
import { registerUninject } from './uninject.ts';
import { UsageError } from './usage-error.ts';

// `media-stack inject ... | head` closes the pipe early: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT_OK);
  process.stderr.write(`Error: stdout cannot be written: ${error.message}\n`);
  process.exit(EXIT_COULD_NOT_RUN);
});
// Without a reader for the account the manifests are still right.
process.stderr.on('error', () => {});

const program = new Command('media-stack')
  .description('Cloud media mounts on Kubernetes with one label.')
  .version(VERSION, '--version', 'print the version')
  .helpOption('-h, --help', 'show help')
  .configureHelp({ sortSubcommands: true })
  .showHelpAfterError('(add --help for what can be written here)')
  .exitOverride();

// Sub-commands inherit what the program was told up to here.
registerServe(program);
registerInject(program);
registerUninject(program);
registerExplain(program);
registerMigrate(program);
registerGenerateMediaApp(program);
registerLint(program);
registerCheckMediaMounts(program);
registerTroubleshootMounts(program);
registerPolicy(program);
registerAddSidecars(program);
registerCompletion(program);

try {
  if (process.argv[2] === COMPLETE_WORD) {
    const answer = await complete(program, process.argv.slice(3));
    // A connection that is still open would keep the shell waiting.
    process.stdout.write(answer, () => process.exit());
  } else await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT_OK : EXIT_COULD_NOT_RUN;
  else if (error instanceof ClusterError || error instanceof UsageError) {
    const paint = paintFor(process.stderr);
    process.stderr.write(
      `${paint('red', 'Error:')} ${error.message}\n  ${paint('cyan', 'mend:')} ${error.hint}\n`,
    );
    process.exitCode = EXIT_COULD_NOT_RUN;
  } else {
    process.stderr.write(
      `Error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.stderr.write('This is a bug in media-stack: please report it with the lines above.\n');
    process.exitCode = EXIT_COULD_NOT_RUN;
  }
}
