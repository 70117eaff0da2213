// Asks a person; a program that cannot be asked is told how to answer beforehand.
import { createInterface } from 'node:readline/promises';
import { UsageError } from './usage-error.ts';

/** True for y or yes. Throws a UsageError where stdin is no terminal. `what` is what would be changed. */
export async function confirm(question: string, what: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UsageError(
      `${what} is not changed: there is no terminal to ask on`,
      'Add --yes to go ahead without being asked, or --force to go ahead whatever the rules say; --dry-run only shows.',
    );
  }
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-C is a no; Ctrl-D closes the input and would leave the question open for ever.
    const closed = new AbortController();
    asked.once('close', () => closed.abort());
    asked.once('SIGINT', () => closed.abort());
    const answer = await asked.question(question, { signal: closed.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    process.stderr.write('\n');
    return false;
  } finally {
    asked.close();
  }
}
