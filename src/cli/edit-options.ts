// Options that inject, uninject and migrate share.
import { Option } from 'commander';
import type { Command } from 'commander';
import type { EditTarget } from './edit-report.ts';
import type { EditOutput } from './report/edit-text.ts';

export interface EditFlags {
  readonly output: EditOutput;
  readonly diff?: boolean;
  readonly patch?: boolean;
  readonly json?: boolean;
  readonly write?: boolean;
}

/** Adds -o with its aliases, and --write. */
export function addOutputOptions(command: Command, standard: EditOutput = 'yaml'): Command {
  return command
    .addOption(
      new Option('-o, --output <form>', 'what to print')
        .choices(['yaml', 'json', 'diff', 'patch'])
        .default(standard),
    )
    .addOption(new Option('--diff', 'what changes, as a unified diff (-o diff)').conflicts(['patch', 'json']))
    .addOption(
      new Option('--patch', 'the JSON Patch of each workload (-o patch)').conflicts(['diff', 'json']),
    )
    .addOption(new Option('--json', 'the manifests as JSON (-o json)').conflicts(['diff', 'patch']))
    .addOption(
      new Option('--write', 'change the files themselves instead of printing').conflicts([
        'diff',
        'patch',
        'json',
      ]),
    );
}

/** What is to be printed. */
export function chosenOutput(flags: EditFlags): EditOutput {
  if (flags.diff) return 'diff';
  if (flags.patch) return 'patch';
  return flags.json ? 'json' : flags.output;
}

/** Where the result goes. */
export function chosenTarget(flags: EditFlags): EditTarget {
  return flags.write ? 'files' : chosenOutput(flags);
}
