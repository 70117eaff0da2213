// docs/cli.md: what every command prints with --help, in a process of its own. Where stdout is a pipe, commander
// wraps at 80 columns.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from '../src/cli/exit-code.ts';
import { renderMarkdownTable, renderNotice } from './generate-markdown.ts';

const TRANSCRIPTS = fileURLToPath(new URL('../docs/transcripts/', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** The text of docs/cli.md. */
export function renderCliPage(): string {
  const root = readHelp();
  const commands = listCommands(root);
  const sections = commands.map(
    (command) => `## ${command}\n\n${renderHelp(readHelp(command))}${renderTranscripts(command)}`,
  );
  return `${renderNotice('the --help texts (src/cli/) and docs/transcripts/')}
# Command line

In a checkout, after \`npm ci\`: \`npx media-stack COMMAND\`. It brings its own Node 24 where the system's is older.

${renderHelp(root)}
Exit codes of every command:

${renderMarkdownTable(
  ['Code', 'Meaning'],
  [
    [String(EXIT_OK), 'Done.'],
    [String(EXIT_NO), 'The answer is no: findings, a refused workload, a failed check.'],
    [
      String(EXIT_COULD_NOT_RUN),
      'Could not run: a wrong option, bad YAML, a file that cannot be read, no cluster, no right to look.',
    ],
  ],
)}
Manifests go to stdout, everything else to stderr. After a refusal nothing goes to stdout, so that
\`| kubectl apply -f -\` never applies half of the files. Colour is used on a terminal only, and not at all with
\`NO_COLOR\`.

${sections.join('\n')}`;
}

/** What it prints, recorded on a real node by test/cluster/transcripts.cluster.test.ts; '' where nothing is. */
function renderTranscripts(command: string): string {
  return [command, `${command}-live`]
    .map((name) => `${TRANSCRIPTS}${name}.txt`)
    .filter((file) => existsSync(file))
    .map((file) => `\n\`\`\`console\n${readFileSync(file, 'utf8')}\`\`\`\n`)
    .join('');
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
