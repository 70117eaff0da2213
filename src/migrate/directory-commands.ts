// What a hand-written script does to make a place for a mount: our init-dirs and our mount script do the same.
import { cleanPath } from '../pod/mount-path.ts';

/** What a list of commands does, as far as it only makes directories and clears dead mounts. */
export interface DirectoryWork {
  readonly made: readonly string[];
  readonly cleared: readonly string[];
}

/** The work of the commands; the first that does anything else as text. */
export function readDirectoryWork(commands: readonly (readonly string[])[]): DirectoryWork | string {
  const made: string[] = [];
  const cleared: string[] = [];
  for (const command of commands) {
    const [program = '', ...words] = command;
    const name = program.slice(program.lastIndexOf('/') + 1);
    const paths = words.filter((word) => !word.startsWith('-')).map(cleanPath);
    const flags = words.filter((word) => word.startsWith('-'));
    const isAbsolute = paths.every((path) => path.startsWith('/'));
    if (name === 'mkdir' && isAbsolute && flags.every((flag) => MKDIR_FLAGS.test(flag))) made.push(...paths);
    else if (CLEARING.has(name) && isAbsolute && flags.every((flag) => /^-[uzlfq]+$/.test(flag)))
      cleared.push(...paths);
    else if (!isNoWork(name, words)) return command.join(' ');
  }
  return { made, cleared };
}

const MKDIR_FLAGS = /^(-[pv]+|--parents|--verbose)$/;
const CLEARING = new Set(['umount', 'fusermount', 'fusermount3']);

function isNoWork(name: string, words: readonly string[]): boolean {
  if (name === 'set') return words.every((word) => /^[-+][a-z]+$|^pipefail$/.test(word));
  if (name === 'exit') return words.every((word) => word === '0');
  return ['true', ':', 'echo'].includes(name);
}
