// The command line on a terminal, by script(1): for what asks a person.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface TerminalRun {
  /** What the question ends with. */
  readonly question: string;
  /** Typed then, Enter included. */
  readonly answer: string;
  /** Done while the question stands. */
  readonly meanwhile?: () => Promise<unknown>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `media-stack ARGUMENTS...` (words of letters that no shell minds) and answers its one question. */
export function mediaStackOnTerminal(
  args: readonly string[],
  { question, answer, meanwhile, env }: TerminalRun,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const command = [process.execPath, MAIN, ...args].join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { PATH: process.env['PATH'], TERM: 'dumb', NO_COLOR: '1', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    let isAsked = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (isAsked || !output.includes(question)) return;
      isAsked = true;
      const reply = async (): Promise<void> => {
        await meanwhile?.();
        child.stdin.write(answer);
      };
      reply().catch(reject);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: output.replaceAll('\r', '') }));
  });
}
