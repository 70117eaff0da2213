// The rclone command of a mount sidecar, read exactly or not at all: what is guessed here would be lost there.
import { isOurSidecar } from '../intent/mount-sidecar.ts';
import { isJsonObject } from '../pod/json.ts';
import { cleanPath } from '../pod/mount-path.ts';
import type { Container } from '../pod/pod.ts';
import { readDirectoryWork } from './directory-commands.ts';
import type { DirectoryWork } from './directory-commands.ts';
import { parseShellText } from './shell-text.ts';

export interface RcloneFlag {
  /** `--read-only`. */
  readonly name: string;
  /** `true` and `false` for a switch. */
  readonly value: string;
}

export type MountCommand =
  | {
      readonly ok: true;
      readonly source: string;
      readonly target: string;
      /** Those of the environment first: rclone lets the command line win. */
      readonly flags: readonly RcloneFlag[];
      /** What the script does in front of rclone. */
      readonly work: DirectoryWork;
    }
  | { readonly ok: false; readonly why: string };

const NO_WORK: DirectoryWork = { made: [], cleared: [] };
const SHELL = /(^|\/)(sh|ash|bash|dash)$/;

/** Reads `args: [mount, "zurg:", ...]`, `rclone mount ...` and `sh -c "mkdir -p ... && exec rclone mount ..."`. */
export function readMountCommand(container: Container): MountCommand {
  const environment = readEnvironment(container);
  if (typeof environment === 'string') return { ok: false, why: environment };
  const found = isOurSidecar(container) ? ownCommand(container) : handCommand(container);
  if (typeof found === 'string') return { ok: false, why: found };
  const read = readWords(found.words);
  if (typeof read === 'string') return { ok: false, why: read };
  return { ok: true, ...read, flags: [...environment, ...read.flags], work: found.work };
}

/** The value of a flag that is given, the last one where it is given twice. */
export function flagValue(flags: readonly RcloneFlag[], name: string): string | undefined {
  return flags.findLast((flag) => flag.name === name)?.value;
}

interface FoundCommand {
  /** Behind `rclone`. */
  readonly words: readonly string[];
  readonly work: DirectoryWork;
}

/** Behind `--`, with the doubled `$` of the kubelet made one again. */
function ownCommand(container: Container): FoundCommand | string {
  const args = container.args ?? [];
  const words = args.slice(args.indexOf('--') + 2).map((word) => word.replaceAll('$$', '$'));
  return { words, work: NO_WORK };
}

function handCommand(container: Container): FoundCommand | string {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  if (words.some((word) => /\$\(|\$\$/.test(word)))
    return 'its command holds $(...) or $$, which is expanded elsewhere';
  const isEntrypoint =
    (container.command ?? []).length === 0 && /(^|\/)rclone([:@]|$)/.test(container.image ?? '');
  if (isEntrypoint) return { words, work: NO_WORK };
  const [first = '', second = '', text, ...more] = words;
  if (/(^|\/)rclone$/.test(first)) return { words: words.slice(1), work: NO_WORK };
  if (!SHELL.test(first) || !/^-[a-z]*c$/.test(second) || text === undefined || more.length > 0)
    return words.length === 0
      ? 'it has no command: what the image runs cannot be seen'
      : 'its command is not rclone mount';
  const commands = parseShellText(text);
  if (commands === null)
    return 'its shell text does more than run simple commands (variables, loops, pipes, &)';
  const last = commands.at(-1) ?? [];
  const command = last[0] === 'exec' ? last.slice(1) : last;
  if (!/(^|\/)rclone$/.test(command[0] ?? '')) return 'its shell text does not end with rclone mount';
  const work = readDirectoryWork(commands.slice(0, -1));
  if (typeof work === 'string') return `its shell text does more than make directories and mount: ${work}`;
  return { words: command.slice(1), work };
}

// The switches of rclone mount and the global ones that people write; all other flags take a value (rclone.org/flags).
const SWITCHES = new Set(
  (
    '--allow-other --allow-root --allow-non-empty --async-read --daemon --debug-fuse --default-permissions --direct-io ' +
    '--fast-list --ignore-checksum --ignore-size --links --mount-case-insensitive --no-check-certificate --no-checksum ' +
    '--no-gzip-encoding --no-modtime --no-seek --no-traverse --no-unicode-normalization --no-update-modtime ' +
    '--noapple-double --noappledouble --progress --quiet --rc --rc-enable-metrics --rc-files --rc-no-auth --rc-serve ' +
    '--rc-web-gui --read-only --server-side-across-configs --size-only --use-cookies --use-json-log --use-mmap ' +
    '--use-server-modtime --verbose --vfs-case-insensitive --vfs-fast-fingerprint --vfs-links --vfs-refresh ' +
    '--vfs-used-is-size --write-back-cache'
  ).split(' '),
);
const SHORT_SWITCHES = /^-[vqnPlcux]+$/;
/** What Go takes for false (strconv.ParseBool). */
const FALSE = /^(0|f|F|false|FALSE|False)$/;

function readWords(
  words: readonly string[],
): { source: string; target: string; flags: RcloneFlag[] } | string {
  const flags: RcloneFlag[] = [];
  const positional: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (SHORT_SWITCHES.test(word)) flags.push({ name: word, value: 'true' });
    else if (word.startsWith('--')) {
      const [name = '', ...value] = word.split('=');
      if (value.length > 0) flags.push(namedFlag(name, value.join('=')));
      else if (SWITCHES.has(name)) flags.push({ name, value: 'true' });
      else {
        index += 1;
        const next = words[index];
        if (next === undefined || next.startsWith('-'))
          return `its flag ${name} cannot be read: a value is missing`;
        flags.push({ name, value: next });
      }
    } else if (word.startsWith('-')) return `its flag ${word} cannot be read`;
    else positional.push(word);
  }
  const [verb, source, target] = positional;
  if (verb !== 'mount' || source === undefined || target === undefined || positional.length !== 3)
    return 'its command is not "rclone mount REMOTE PATH" with flags';
  return { source, target: cleanPath(target), flags };
}

function namedFlag(name: string, value: string): RcloneFlag {
  return { name, value: SWITCHES.has(name) ? String(!FALSE.test(value)) : value };
}

/** Options of the environment; the reason where they, or whole remotes, come from there unseen. */
function readEnvironment(container: Container): RcloneFlag[] | string {
  const { env } = container;
  if (Array.isArray((container as { envFrom?: unknown }).envFrom))
    return 'it has envFrom: which options of rclone come from there cannot be seen';
  if (!Array.isArray(env)) return [];
  const flags: RcloneFlag[] = [];
  for (const variable of env as unknown[]) {
    if (!isJsonObject(variable) || typeof variable['name'] !== 'string') continue;
    const { name, value } = variable;
    if (!name.startsWith('RCLONE_')) continue;
    if (name.startsWith('RCLONE_CONFIG_'))
      return `${name} defines a remote in the environment, not in rclone.conf`;
    if (typeof value !== 'string' || value.includes('$(')) return `the value of ${name} cannot be seen here`;
    flags.push(namedFlag(`--${name.slice('RCLONE_'.length).toLowerCase().replaceAll('_', '-')}`, value));
  }
  return flags;
}
