// What of an exception may stand in a log line.

export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly frames: readonly string[];
}

const MAX_MESSAGE_LENGTH = 300;

/**
 * Type, first line of the message and stack frames of an exception, and nothing else: pino's own serializer writes
 * every property, and a JsonPatchError carries the whole pod in `tree` and in the further lines of its message.
 */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error object', frames: [] };
  const [firstLine = ''] = error.message.split('\n', 1);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    message: firstLine.slice(0, MAX_MESSAGE_LENGTH),
    frames: frames.map((line) => line.trim()),
  };
}
