// The examples of docs/cli.md: commands run one after the other in one shell and one folder, and what a terminal shows
// of them. What differs from run to run is written in one form.
import { spawn } from 'node:child_process';

export interface Transcript {
  /** Also the file: docs/transcripts/NAME.txt. */
  readonly name: string;
  /** Lines of shell, `media-stack` among them; shown as they are. */
  readonly commands: readonly string[];
}

/** One line each; the commands of a transcript are run in the order of the list. */
export const OFFLINE: readonly Transcript[] = [
  { name: 'explain', commands: ['media-stack explain -f examples/sonarr.yaml'] },
];

export interface TranscriptShell {
  readonly cwd: string;
  /** PATH with `media-stack` and `kubectl` in it, KUBECONFIG. */
  readonly env: Readonly<Record<string, string>>;
}

/** `$ COMMAND` and what it says, stdout and stderr as they come; the exit code where it is not 0. */
export async function recordTranscript({ commands }: Transcript, shell: TranscriptShell): Promise<string> {
  const parts: string[] = [];
  for (const command of commands) {
    const { output, code } = await runInShell(command, shell);
    const ended = code === 0 ? '' : `(exit code ${code})\n`;
    parts.push(`$ ${command}\n${normalise(output)}${ended}`);
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

function runInShell(
  command: string,
  { cwd, env }: TranscriptShell,
): Promise<{ output: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/bash', ['-c', `exec 2>&1\n${command}`], { cwd, env });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ output, code }));
  });
}

/** Times, names made by the cluster, ports and folders of the run. */
export function normalise(text: string): string {
  return text
    .replaceAll(/\b\d+\.\d\d s\b/g, '0.02 s')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '2026-01-01T00:00:00Z')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:9999')
    .replaceAll(/[ \t]+$/gm, '');
}
