// A golden case: one YAML file, the part above the mark written by hand, the part below by `npm run golden`.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Operation } from '../../src/pod/json-patch.ts';
import { INIT_DIRS_SCRIPT, MOUNT_SCRIPT, PROBE_SCRIPT } from '../../src/plan/scripts/shell-scripts.ts';
import { parseSettings } from '../../src/settings/parse-settings.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { VERSION } from '../../src/version.ts';

export const CASES = join(import.meta.dirname, '..', 'golden', 'cases');
export const MARK = '# ---- below: written by npm run golden; read it before you accept it ----';

/** What the author of a case promises in short; a regenerated golden must still keep it. */
export interface Expectation {
  /** `injected`, a skip reason, or the codes of a refusal: `refused MS208`. */
  readonly outcome: string;
  /** Codes of the verdict in the order of their paths; absent means allowed without a finding. */
  readonly verdict?: readonly string[];
  /** Names after the injection, in order. */
  readonly initContainers?: readonly string[];
  readonly containers?: readonly string[];
  readonly volumes?: readonly string[];
  /** Single values in the final pod, by JSON Pointer. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** `already_complete`, or the paths of what a second round adds. */
  readonly secondRound?: string | readonly string[];
}

interface Head {
  readonly name: string;
  /** The sentence of the spec that the case proves. */
  readonly from: string;
  readonly settings?: unknown;
  readonly assumeLabel?: boolean;
  readonly expect: Expectation;
  /** What another webhook does to the injected pod before it comes back. */
  readonly between?: readonly Operation[];
  readonly input: unknown;
}

export interface GoldenCase extends Head {
  readonly file: string;
  /** Everything above the mark, byte for byte. */
  readonly head: string;
  readonly parsedSettings: Settings;
  readonly manifestText: string;
  /** The generated part, undefined in a case that has none yet. */
  readonly golden: Record<string, unknown> | undefined;
}

const HEAD_KEYS = ['name', 'from', 'settings', 'assumeLabel', 'expect', 'between', 'input'];

/** Names of all files in the folder. */
export function listCases(): string[] {
  return readdirSync(CASES).toSorted();
}

export function readCase(file: string): GoldenCase {
  const text = readFileSync(join(CASES, file), 'utf8');
  const [head = '', below] = text.split(`${MARK}\n`);
  const fields = parse(head) as Head;
  const strange = Object.keys(fields).filter((key) => !HEAD_KEYS.includes(key));
  if (strange.length > 0) throw new Error(`${file}: unknown keys above the mark: ${strange.join(', ')}`);
  if (Object.keys(fields).at(-1) !== 'input') throw new Error(`${file}: input must come last above the mark`);
  const settings = parseSettings(fields.settings === undefined ? '' : stringify(fields.settings), file);
  if (!settings.ok) throw new Error(`${file}: ${JSON.stringify(settings.problems)}`);
  const manifestText = textOfInput(head);
  return {
    ...fields,
    file,
    head,
    input: parse(manifestText, { maxAliasCount: 0 }),
    parsedSettings: settings.settings,
    manifestText,
    golden: below === undefined ? undefined : (parse(below) as Record<string, unknown>),
  };
}

/** The lines below `input:` as a manifest of their own, comments and all. */
function textOfInput(head: string): string {
  const [, below = ''] = head.split('\ninput:\n');
  return below
    .split('\n')
    .map((line) => line.replace(/^ {2}/, ''))
    .join('\n');
}

const PLACEHOLDERS: ReadonlyMap<string, string> = new Map([
  [MOUNT_SCRIPT, '<mount.sh>'],
  [INIT_DIRS_SCRIPT, '<init-dirs.sh>'],
  [PROBE_SCRIPT, '<probe.sh>'],
]);

/** A copy in which the scripts and our version are names. What is one object stays one: it becomes a YAML anchor. */
export function abbreviate(value: unknown, seen: Map<object, unknown> = new Map()): unknown {
  if (typeof value === 'string')
    return PLACEHOLDERS.get(value) ?? value.replace(`{"version":"${VERSION}"`, '{"version":"<version>"');
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    seen.set(value, list);
    for (const item of value) list.push(abbreviate(item, seen));
    return list;
  }
  const map: Record<string, unknown> = {};
  seen.set(value, map);
  for (const [key, item] of Object.entries(value)) if (item !== undefined) map[key] = abbreviate(item, seen);
  return map;
}
