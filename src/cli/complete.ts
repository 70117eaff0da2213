// `media-stack __complete WORDS...`: the candidates for the last word, in the protocol of cobra, which kubectl speaks
// with its plugins too (github.com/spf13/cobra, completions.go).
import type { Command } from 'commander';
import type { Candidate, CompletionRequest } from './completion-wanted.ts';
import type { LiveNamesRequest } from './live-names.ts';

/** Bits of cobra's ShellCompDirective. */
const FILES = 0;
const NO_FILES = 4;
const FOLDERS = 16;

/** The word in front of those to complete; no command of the program, since none of its options may be read. */
export const COMPLETE_WORD = '__complete';

/** The answer to a shell, for the words behind the program's name. Never rejects for anything in a cluster. */
export async function complete(program: Command, words: readonly string[]): Promise<string> {
  const { readCompletionRequest } = await import('./completion-wanted.ts');
  const request = readCompletionRequest(program, words);
  const { candidates, directive } = await answer(request);
  const lines = candidates
    .filter(({ word }) => word.startsWith(request.typed))
    .map(({ word, description }) => {
      const [first = ''] = description.split('\n', 1);
      return `${request.prefix}${word}${first === '' ? '' : `\t${first}`}\n`;
    });
  return `${lines.join('')}:${directive}\n`;
}

interface Answer {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

async function answer(request: CompletionRequest): Promise<Answer> {
  const { wanted } = request;
  if (wanted.kind === 'words') return { candidates: wanted.candidates, directive: NO_FILES };
  if (wanted.what === 'file' || wanted.what === 'path') return { candidates: [], directive: FILES };
  if (wanted.what === 'folder' || wanted.what === 'dir') return { candidates: [], directive: FOLDERS };
  if (wanted.what === 'ids') return { candidates: await listRules(), directive: NO_FILES };
  const what = wanted.long === '--context' ? 'contexts' : LIVE.get(wanted.what);
  if (what === undefined) return { candidates: [], directive: NO_FILES };
  const { listLiveNames } = await import('./live-names.ts');
  const { flags, positionals, typed } = request;
  const namespace = flags.get('--namespace') ?? (what === 'namespaces' ? undefined : positionals[1]);
  const candidates = await listLiveNames({
    what,
    typed,
    ...optional('namespace', namespace),
    ...optional('context', flags.get('--context')),
    ...optional('kubeconfig', flags.get('--kubeconfig')),
  });
  return { candidates, directive: NO_FILES };
}

/** What the placeholders of arguments and options stand for. */
const LIVE: ReadonlyMap<string, LiveNamesRequest['what']> = new Map([
  ['namespace', 'namespaces'],
  ['name', 'workloads'],
  ['workload', 'workloads'],
  ['pod', 'pods'],
]);

async function listRules(): Promise<Candidate[]> {
  const { RULES } = await import('../policy/catalogue.ts');
  return RULES.map(({ id, title }) => ({ word: id, description: title }));
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
