// Words on the command line that contradict each other or make no sense; main.ts prints it and exits with 2.

export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
