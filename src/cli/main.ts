#!/usr/bin/env node
// The command line. Each command is a file of its own and loads what it needs only when it runs.
import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { EXIT_COULD_NOT_RUN, EXIT_OK } from './exit-code.ts';
import { registerExplain } from './explain.ts';
import { registerGenerateMediaApp } from './generate-media-app.ts';
import { registerInject } from './inject.ts';
import { registerLint } from './lint.ts';
import { registerPolicy } from './policy.ts';
import { registerServe } from './serve.ts';
import { registerUninject } from './uninject.ts';

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
registerGenerateMediaApp(program);
registerLint(program);
registerPolicy(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT_OK : EXIT_COULD_NOT_RUN;
  else {
    process.stderr.write(
      `Error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.stderr.write('This is a bug in media-stack: please report it with the lines above.\n');
    process.exitCode = EXIT_COULD_NOT_RUN;
  }
}
