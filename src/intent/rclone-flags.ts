// The flags of the rclone that a mount sidecar runs, read from its command: argv, or a shell text as people write it.
import { commandWords } from '../pod/containers.ts';
import type { Container } from '../pod/pod.ts';
import { readVariables } from './container-variables.ts';
import { isOurSidecar, shellCommands } from './mount-sidecar.ts';

/** What stands behind a flag: `--rc-addr=:5572` or `--rc-addr :5572`. */
interface FlagValue {
  readonly inline: string | null;
  /** The next word, which is the value unless the flag is a switch. */
  readonly next: string | null;
}

/** Everything that is given for a flag, in order. */
export type RcloneFlags = ReadonlyMap<string, readonly FlagValue[]>;

/**
 * Flags by name (`--read-only`), those of the environment where the command does not give them. Null where no command
 * is to be seen.
 */
export function readRcloneFlags(container: Container): RcloneFlags | null {
  // The text of our script names flags too; the command that it runs is in its arguments.
  const words = commandWords(isOurSidecar(container) ? { ...container, command: null } : container);
  const commands = [words, ...words.filter((word) => /\brclone\b/.test(word)).flatMap(shellCommands)];
  const mounting = commands.filter((command) => command.includes('mount'));
  if (mounting.length === 0) return null;
  const flags = new Map<string, FlagValue[]>();
  for (const [name, value] of mounting.flatMap(flagsOf)) {
    const values = flags.get(name);
    if (values === undefined) flags.set(name, [value]);
    else values.push(value);
  }
  for (const [name, value] of environmentFlags(container)) if (!flags.has(name)) flags.set(name, [value]);
  return flags;
}

/** Where a person looks for the flags: the field that holds `mount`. */
export function fieldOfFlags(container: Container): 'args' | 'command' {
  const words = commandWords({ ...container, command: null });
  return words.some((word) => /\bmount\b/.test(word)) ? 'args' : 'command';
}

/** What Go, in which rclone is written, takes for false (strconv.ParseBool). */
const FALSE = /^(0|f|F|false|FALSE|False)$/;

/** True for a switch that is there and not `=false`; the last one counts. */
export function isSwitchedOn(flags: RcloneFlags, name: string): boolean {
  const value = flags.get(name)?.at(-1);
  return value !== undefined && !FALSE.test(value.inline ?? '');
}

/** The value of an option, the last one; null where it is not given. */
export function optionValue(flags: RcloneFlags, name: string): string | null {
  return optionValues(flags, name).at(-1) ?? null;
}

/** Every value of an option, for those that may be given several times: `--rc-addr`. */
export function optionValues(flags: RcloneFlags, name: string): string[] {
  return (flags.get(name) ?? []).flatMap(({ inline, next }) => inline ?? next ?? []);
}

const ENVIRONMENT = 'RCLONE_';

/** rclone takes each option from the environment too: `RCLONE_READ_ONLY=true` (rclone.org/docs, Environment variables). */
function environmentFlags(container: Container): [string, FlagValue][] {
  return readVariables(container)
    .filter(({ name }) => name.startsWith(ENVIRONMENT))
    .map(({ name, value }) => {
      const flag = `--${name.slice(ENVIRONMENT.length).toLowerCase().replaceAll('_', '-')}`;
      return [flag, { inline: value, next: null }];
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
