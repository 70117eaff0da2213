// The examples of docs/cli.md: commands as a person types them, one after the other in one folder, and what a terminal
// shows of them. What differs from run to run is written in one form.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Transcript {
  /** The command that it shows: docs/transcripts/NAME.txt. */
  readonly name: string;
  /** Lines of shell, shown as they are. */
  readonly lines: readonly string[];
  /** What has to be done in the cluster before. */
  readonly before?: 'stop the server of zurg';
}

/** In the order in which they are run: what one has made the next may use. */
export const TRANSCRIPTS: readonly Transcript[] = [
  { name: 'explain', lines: ['media-stack explain -f examples/sonarr.yaml'] },
  {
    name: 'inject',
    lines: [
      'media-stack inject -f examples/sonarr.yaml >injected.yaml',
      'media-stack inject -f pinned.yaml -o patch | head -n 12',
    ],
  },
  {
    name: 'uninject',
    lines: ['media-stack uninject -f injected.yaml | diff - examples/sonarr.yaml && echo as before'],
  },
  { name: 'lint', lines: ['media-stack lint pinned.yaml', 'media-stack lint --fix --dry-run pinned.yaml'] },
  { name: 'policy', lines: ['media-stack policy | head -n 24'] },
  {
    name: 'generate-media-app',
    lines: [
      'media-stack generate-media-app bazarr lscr.io/linuxserver/bazarr:1.5.1 6767 -n media',
      'kubectl kustomize apps/bazarr/base | head -n 12',
      'media-stack generate-media-app Bazarr bazarr 0',
    ],
  },
  { name: 'migrate', lines: ['media-stack migrate -f by-hand.yaml'] },
  {
    name: 'check-media-mounts',
    lines: ['media-stack check-media-mounts media'],
  },
  {
    name: 'add-sidecars',
    lines: [
      'media-stack add-sidecars statefulset/plex media --dry-run',
      'media-stack add-sidecars statefulset/plex media --yes --wait',
      'media-stack check-media-mounts media --min-entries 1',
    ],
  },
  { name: 'explain-live', lines: ['media-stack explain plex-0 media'] },
  {
    name: 'troubleshoot-mounts',
    before: 'stop the server of zurg',
    lines: ['media-stack troubleshoot-mounts plex-0 media'],
  },
  { name: 'completion', lines: ['media-stack completion bash | head -n 6'] },
  { name: 'serve', lines: ['timeout --preserve-status --signal=INT 5 media-stack serve --dev'] },
];

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export interface TranscriptShell {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** `$ LINE` and what it says, stdout and stderr as they come; the exit code where it is not 0. */
export async function recordTranscript({ lines }: Transcript, shell: TranscriptShell): Promise<string> {
  const parts: string[] = [];
  for (const line of lines) {
    const { output, code } = await runLine(line, shell);
    const ended = code === 0 ? '' : `(exit code ${code})\n`;
    parts.push(`$ ${line}\n${normalise(output, shell.cwd)}${ended}`);
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

function runLine(
  line: string,
  { cwd, env }: TranscriptShell,
): Promise<{ readonly output: string; readonly code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/bash', ['-c', `exec 2>&1\n${line}`], { cwd, env });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ output, code }));
  });
}

/** Times, ports, folders and figures of the run. */
export function normalise(text: string, folder: string): string {
  return (
    text
      .replaceAll(folder, '.')
      .replaceAll(CHECKOUT, '.')
      // How often the progress is told depends on the machine.
      .replaceAll(/^\w+\/\w+: .* \.\.\.\n/gm, '')
      .replaceAll(/\/tmp\/media-stack-dev-\w+/g, '/tmp/media-stack-dev-AAAAAA')
      .replaceAll(/^\d\d:\d\d:\d\d(?= )/gm, '12:00:00')
      .replaceAll(/\b\d+m over \d+ s\b/g, '10m over 4 s')
      .replaceAll(/\b(shared|master):\d+\b/g, '$1:4')
      .replaceAll(/\bin \d+ hours\b/g, 'in 24 hours')
      .replaceAll(/\b\d+\.\d\d s\b/g, '0.02 s')
      .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '2026-01-01T00:00:00Z')
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:9999')
      .replaceAll(/[ \t]+$/gm, '')
  );
}
