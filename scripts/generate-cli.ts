// docs/cli.md: what every command prints with --help, in a process of its own. Where stdout is a pipe, commander
// wraps at 80 columns.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from '../src/cli/exit-code.ts';
import { renderMarkdownTable, renderNotice } from './generate-markdown.ts';

const PROGRAM = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** The text of docs/cli.md. */
export function renderCliPage(): string {
  const root = readHelp();
  const commands = listCommands(root);
  const sections = commands.map((command) => `## ${command}\n\n${renderHelp(readHelp(command))}`);
  return `${renderNotice('the --help texts (src/cli/)')}
# Command line

In a checkout, after \`npm ci\`: \`npx media-stack COMMAND\`. It brings its own Node 24 where the system's is older.

${renderHelp(root)}
Exit codes of every command:

${renderMarkdownTable(
  ['Code', 'Meaning'],
  [
    [String(EXIT_OK), 'Done.'],
    [String(EXIT_NO), 'The answer is no: a workload was refused.'],
    [String(EXIT_COULD_NOT_RUN), 'Could not run: a wrong option, bad YAML, a file that cannot be read.'],
  ],
)}
Manifests go to stdout, everything else to stderr. After a refusal nothing goes to stdout, so that
\`| kubectl apply -f -\` never applies half of the files. Colour is used on a terminal only, and not at all with
\`NO_COLOR\`.

${sections.join('\n')}`;
}

/** The commands that the help of the program lists, without `help`. */
export function listCommands(help: string): string[] {
  const listed = help.slice(help.indexOf('\nCommands:\n'));
  return [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
    .flatMap(([, name]) => (name === undefined ? [] : [name]))
    .filter((name) => name !== 'help');
}

function readHelp(...command: string[]): string {
  return execFileSync(process.execPath, [PROGRAM, ...command, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
}

function renderHelp(help: string): string {
  return `\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`;
}
