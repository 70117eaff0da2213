// Exit codes of every command.

/** Done. */
export const EXIT_OK = 0;
/** The answer is no: findings, a refused injection, a failed check. */
export const EXIT_NO = 1;
/** Could not run: bad arguments, an unreadable file, bad YAML. */
export const EXIT_COULD_NOT_RUN = 2;
