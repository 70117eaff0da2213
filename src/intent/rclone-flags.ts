// The flags of the rclone that a mount sidecar runs, read from its command: argv, or a shell text as people write it.
import { isJsonObject } from '../pod/json.ts';
import type { Container } from '../pod/pod.ts';
import { isOurSidecar, shellCommands } from './mount-sidecar.ts';

/** What stands behind a flag: `--rc-addr=:5572` or `--rc-addr :5572`. */
interface FlagValue {
  readonly inline: string | null;
  /** The next word, which is the value unless the flag is a switch. */
  readonly next: string | null;
}

export type RcloneFlags = ReadonlyMap<string, FlagValue>;

/**
 * Flags by name (`--read-only`); of a flag that is given twice the last counts, and any counts before the environment.
 * Null where no command is to be seen.
 */
export function readRcloneFlags(container: Container): RcloneFlags | null {
  const args = container.args ?? [];
  // The text of our script names flags too; the command that it runs is in its arguments.
  const words = isOurSidecar(container) ? args : [...(container.command ?? []), ...args];
  const commands = [words, ...words.filter((word) => /\brclone\b/.test(word)).flatMap(shellCommands)];
  const mounting = commands.filter((command) => command.includes('mount'));
  if (mounting.length === 0) return null;
  return new Map([...environmentFlags(container), ...mounting.flatMap(flagsOf)]);
}

/** Where a person looks for the flags: the field that holds `mount`. */
export function fieldOfFlags({ args }: Container): 'args' | 'command' {
  return (args ?? []).some((word) => /\bmount\b/.test(word)) ? 'args' : 'command';
}

/** What Go, in which rclone is written, takes for false (strconv.ParseBool). */
const FALSE = /^(0|f|F|false|FALSE|False)$/;

/** True for a switch that is there and not `=false`. */
export function isSwitchedOn(flags: RcloneFlags, name: string): boolean {
  const value = flags.get(name);
  return value !== undefined && !FALSE.test(value.inline ?? '');
}

/** The value of an option, null where it is not given. */
export function optionValue(flags: RcloneFlags, name: string): string | null {
  const value = flags.get(name);
  return value === undefined ? null : (value.inline ?? value.next);
}

const ENVIRONMENT = 'RCLONE_';
/** No sidecar has more, and nobody has looked at the length of the list. */
const MAX_VARIABLES = 200;

/** rclone takes each option from the environment too: `RCLONE_READ_ONLY=true` (rclone.org/docs, Environment variables). */
function environmentFlags({ env }: Container): [string, FlagValue][] {
  if (!Array.isArray(env)) return [];
  return env.slice(0, MAX_VARIABLES).flatMap((variable: unknown): [string, FlagValue][] => {
    if (!isJsonObject(variable)) return [];
    const { name, value } = variable;
    if (typeof name !== 'string' || !name.startsWith(ENVIRONMENT)) return [];
    const flag = `--${name.slice(ENVIRONMENT.length).toLowerCase().replaceAll('_', '-')}`;
    return [[flag, { inline: typeof value === 'string' ? value : null, next: null }]];
  });
}

function flagsOf(words: readonly string[]): [string, FlagValue][] {
  return words.flatMap((word, index): [string, FlagValue][] => {
    if (!word.startsWith('--')) return [];
    const equals = word.indexOf('=');
    if (equals === -1) return [[word, { inline: null, next: words[index + 1] ?? null }]];
    return [[word.slice(0, equals), { inline: word.slice(equals + 1), next: null }]];
  });
}
