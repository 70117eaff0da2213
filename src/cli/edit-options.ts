// Options that inject and uninject share.
import { Option } from 'commander';
import type { Command } from 'commander';
import type { EditOutput } from './edit-report.ts';

export interface EditFlags {
  readonly output: EditOutput;
  readonly diff?: boolean;
  readonly patch?: boolean;
  readonly json?: boolean;
}

/** Adds -o and its aliases. */
export function addOutputOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-o, --output <form>', 'what to print')
        .choices(['yaml', 'json', 'diff', 'patch'])
        .default('yaml'),
    )
    .addOption(new Option('--diff', 'what changes, as a unified diff (-o diff)').conflicts(['patch', 'json']))
    .addOption(
      new Option('--patch', 'the JSON Patch of each workload (-o patch)').conflicts(['diff', 'json']),
    )
    .addOption(new Option('--json', 'the manifests as JSON (-o json)').conflicts(['diff', 'patch']));
}

/** What is to be printed. */
export function chosenOutput(flags: EditFlags): EditOutput {
  if (flags.diff) return 'diff';
  if (flags.patch) return 'patch';
  return flags.json ? 'json' : flags.output;
}
