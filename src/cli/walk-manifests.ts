// The manifest files below a folder, as a linter sees a repository: what .gitignore names is left out.
import { access, readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';

const MANIFEST = /\.(ya?ml|json)$/;
const NEVER = new Set(['.git', 'node_modules']);

interface IgnoreFile {
  /** Absolute. */
  readonly folder: string;
  readonly rules: Ignore;
}

/** What is told of a folder that cannot be read; the walk goes on behind it. */
export type OnUnreadable = (folder: string, error: unknown) => void;

/**
 * Yields the .yaml, .yml and .json files below a folder, by name. The .gitignore files of the folder, of those in it,
 * and of those above it up to the root of the repository count. Links are not followed.
 */
export async function* walkManifests(folder: string, onUnreadable: OnUnreadable): AsyncGenerator<string> {
  const above = await ignoreFilesAbove(resolve(folder));
  // Who names a folder wants it looked at.
  const isNamedOut = isIgnored(resolve(folder), true, above);
  yield* walk(folder, isNamedOut ? [] : above, onUnreadable);
}

async function* walk(
  folder: string,
  above: readonly IgnoreFile[],
  onUnreadable: OnUnreadable,
): AsyncGenerator<string> {
  const own = await readIgnoreFile(resolve(folder));
  const rules = own === null ? above : [...above, own];
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    onUnreadable(folder, error);
    return [];
  });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (NEVER.has(entry.name) || isIgnored(resolve(path), entry.isDirectory(), rules)) continue;
    if (entry.isDirectory()) yield* walk(path, rules, onUnreadable);
    else if (entry.isFile() && MANIFEST.test(entry.name)) yield path;
  }
}

/** Those from the root of the repository down to the parent of the folder; none outside of a repository. */
async function ignoreFilesAbove(folder: string): Promise<IgnoreFile[]> {
  const found: IgnoreFile[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder) {
      const rules = await readIgnoreFile(at);
      if (rules) found.unshift(rules);
    }
    // In a worktree .git is a file.
    const isRoot = await access(join(at, '.git')).then(
      () => true,
      () => false,
    );
    if (isRoot) return found;
    if (dirname(at) === at) return [];
  }
}

async function readIgnoreFile(folder: string): Promise<IgnoreFile | null> {
  const text = await readFile(join(folder, '.gitignore'), 'utf8').catch(() => null);
  return text === null ? null : { folder, rules: ignore().add(text) };
}

/** The nearest .gitignore that says anything about it wins, as for git. */
function isIgnored(path: string, isFolder: boolean, files: readonly IgnoreFile[]): boolean {
  for (const { folder, rules } of files.toReversed()) {
    const { ignored, unignored } = rules.test(relative(folder, path) + (isFolder ? '/' : ''));
    if (ignored || unignored) return ignored;
  }
  return false;
}
