// What could stand at the cursor, read from commander's own tree of commands and options.
import type { Argument, Command, Option } from 'commander';

export interface Candidate {
  readonly word: string;
  readonly description: string;
}

export type Wanted =
  | { readonly kind: 'words'; readonly candidates: readonly Candidate[] }
  /** A value that only the machine or the cluster knows; `what` is the placeholder: `namespace`, `file`. */
  | { readonly kind: 'value'; readonly what: string; readonly long: string | null };

export interface CompletionRequest {
  /** The command that the words lead to, by its names: `['lint']`. */
  readonly command: readonly string[];
  /** Values of its options so far, by long flag: `--namespace` -> `media`. */
  readonly flags: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
  /** What has been typed of the word at the cursor, without a `--option=` in front. */
  readonly typed: string;
  /** `--option=` where that stands before it in the same word. */
  readonly prefix: string;
  readonly wanted: Wanted;
}

/** `words` are those behind the program's name; the last is the one at the cursor, empty where it has not begun. */
export function readCompletionRequest(program: Command, words: readonly string[]): CompletionRequest {
  const last = words.at(-1) ?? '';
  const state = walk(program, words.slice(0, -1));
  const { command, flags, positionals, pending, isBehindDashes } = state;
  const base = { command: pathOf(command), flags, positionals };
  const isOption = last.startsWith('-') && !isBehindDashes;
  if (pending !== null && !(isOption && pending.variadic && flags.has(pending.long ?? '')))
    return { ...base, typed: last, prefix: '', wanted: valueOf(pending) };
  const [flag = '', ...value] = last.split('=');
  if (isOption && value.length > 0) {
    const option = findOption(command, flag);
    const wanted: Wanted = option === null ? NOTHING : valueOf(option);
    return { ...base, typed: value.join('='), prefix: `${flag}=`, wanted };
  }
  if (isOption) return { ...base, typed: last, prefix: '', wanted: optionsOf(command, flags) };
  return { ...base, typed: last, prefix: '', wanted: wordsOf(command, positionals) };
}

const NOTHING: Wanted = { kind: 'words', candidates: [] };

interface Walked {
  readonly command: Command;
  readonly flags: Map<string, string>;
  readonly positionals: string[];
  /** The option whose value comes next. */
  readonly pending: Option | null;
  readonly isBehindDashes: boolean;
}

function walk(program: Command, words: readonly string[]): Walked {
  let command = program;
  let pending: Option | null = null;
  let isBehindDashes = false;
  const flags = new Map<string, string>();
  const positionals: string[] = [];
  for (const word of words) {
    const isOption = word.startsWith('-') && word !== '-' && !isBehindDashes;
    if (pending !== null && !(isOption && pending.variadic)) {
      flags.set(pending.long ?? '', word);
      // commander gives a variadic option every word up to the next option.
      if (!pending.variadic) pending = null;
      continue;
    }
    pending = null;
    if (word === '--') isBehindDashes = true;
    else if (isOption) {
      const [flag = '', ...value] = word.split('=');
      const option = findOption(command, flag);
      if (option === null) continue;
      flags.set(option.long ?? '', value.join('='));
      if (value.length === 0 && (option.required || option.optional)) pending = option;
    } else {
      const sub = positionals.length === 0 ? findCommand(command, word) : undefined;
      if (sub === undefined) positionals.push(word);
      else command = sub;
    }
  }
  // `flags` holds an empty text for an option that has no value yet.
  if (pending !== null && flags.get(pending.long ?? '') === '') flags.delete(pending.long ?? '');
  return { command, flags, positionals, pending, isBehindDashes };
}

function findCommand(command: Command, word: string): Command | undefined {
  return command.commands.find((sub) => sub.name() === word || sub.aliases().includes(word));
}

function findOption(command: Command, flag: string): Option | null {
  return optionsInHelp(command, true).find(({ short, long }) => flag === short || flag === long) ?? null;
}

/** Those that --help shows, help itself and the program's own included; all for the parser's view. */
function optionsInHelp(command: Command, withHidden = false): readonly Option[] {
  return withHidden ? [...command.options] : command.createHelp().visibleOptions(command);
}

function optionsOf(command: Command, flags: ReadonlyMap<string, string>): Wanted {
  const options = optionsInHelp(command).filter(
    ({ long, variadic }) => long !== undefined && long !== null && (variadic || !flags.has(long)),
  );
  const candidates = options.map(({ long, description }) => ({ word: long ?? '', description }));
  return { kind: 'words', candidates };
}

function wordsOf(command: Command, positionals: readonly string[]): Wanted {
  const subs = command.createHelp().visibleCommands(command);
  if (subs.length > 0 && positionals.length === 0)
    return {
      kind: 'words',
      candidates: subs.map((sub) => ({ word: sub.name(), description: sub.description() })),
    };
  if (positionals[0] === 'help' && command.parent === null && positionals.length === 1)
    return wordsOf(command, []);
  const known: readonly Argument[] = command.registeredArguments;
  const last = known.at(-1);
  const argument = known[positionals.length] ?? (last?.variadic ? last : undefined);
  return argument === undefined ? NOTHING : valueOf(argument);
}

function valueOf(value: Option | Argument): Wanted {
  if (value.argChoices) {
    const candidates = value.argChoices.map((word) => ({ word, description: '' }));
    return { kind: 'words', candidates };
  }
  if (!('flags' in value)) return { kind: 'value', what: value.name(), long: null };
  const [, what = ''] = /[<[]([^\]>.]+)/.exec(value.flags) ?? [];
  return { kind: 'value', what, long: value.long ?? null };
}

function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}
