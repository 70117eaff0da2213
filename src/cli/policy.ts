// `media-stack policy`: the rules that CEL can hold, as ValidatingAdmissionPolicies for kubectl apply.
import { Option } from 'commander';
import type { Command } from 'commander';
import { EXIT_COULD_NOT_RUN, EXIT_OK } from './exit-code.ts';

interface PolicyFlags {
  readonly settings?: string;
  readonly name: string;
  readonly output: 'yaml' | 'json';
  readonly json?: boolean;
}

/** Puts `policy` on the program. */
export function registerPolicy(program: Command): void {
  program
    .command('policy')
    .description('print ValidatingAdmissionPolicies that hold the rules while the webhook is down')
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)')
    .option('--name <name>', 'what the names of the policies begin with', 'media-stack')
    .addOption(new Option('-o, --output <form>', 'what to print').choices(['yaml', 'json']).default('yaml'))
    .option('--json', 'the same as -o json')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: PolicyFlags) => {
      process.exitCode = await policy(flags);
    });
}

/** With the longest suffix it still is a name of at most 253 characters. */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,200}[a-z0-9])?$/;

const EXAMPLES = `
Held are the deny rules that a CEL expression can hold: on pods the final state, on workloads what needs no injection.
Print them again when the settings change.

Examples:
  media-stack policy --settings settings.yaml | kubectl apply -f -

Exit codes: 0 done, 2 could not run.
`;

async function policy(flags: PolicyFlags): Promise<number> {
  const { loadSettings } = await import('./load-settings.ts');
  const { renderCelPolicies } = await import('../policy/cel/cel-policies.ts');
  if (!NAME.test(flags.name)) {
    process.stderr.write(
      `Error: --name ${JSON.stringify(flags.name)} is no name of an object\n  mend: lower-case letters, digits, - and . (RFC 1123), e.g. --name media-stack\n`,
    );
    return EXIT_COULD_NOT_RUN;
  }
  const settings = await loadSettings(flags.settings);
  if (!settings.ok) {
    const { renderProblemText } = await import('./report/problem-text.ts');
    const { paintFor } = await import('./report/style.ts');
    for (const problem of settings.problems)
      process.stderr.write(`${renderProblemText(problem, undefined, paintFor(process.stderr))}\n`);
    return EXIT_COULD_NOT_RUN;
  }
  const objects = renderCelPolicies(settings.settings, flags.name);
  if (flags.json || flags.output === 'json') {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    return EXIT_OK;
  }
  const { stringify } = await import('yaml');
  const { VERSION } = await import('../version.ts');
  const how = `# Made by media-stack ${VERSION}: media-stack policy${flags.settings === undefined ? '' : ' --settings FILE'}. Make it again when the settings change.\n`;
  const documents = objects.map((object) => stringify(object, { lineWidth: 0, compat: 'yaml-1.1' }));
  process.stdout.write(how + documents.join('---\n'));
  return EXIT_OK;
}
