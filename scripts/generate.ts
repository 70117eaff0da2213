// Writes everything that is made from code: reference pages, the JSON Schema of the settings, the shell scripts as
// text. `--check` writes nothing, names each stale file and exits 1.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderAnnotationsPage } from './generate-annotations.ts';
import { renderAnnotationsSchema } from './generate-annotations-schema.ts';
import { renderCliPage } from './generate-cli.ts';
import { renderLogLinesPage } from './generate-log-lines.ts';
import { RULES } from '../src/policy/catalogue.ts';
import { renderRulePage, renderRulesPage } from './generate-rules.ts';
import { renderSettingsPage, renderSettingsSchema } from './generate-settings.ts';
import { renderShellScripts } from './generate-shell-scripts.ts';
import { renderSkipReasonsPage } from './generate-skip-reasons.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface GeneratedFile {
  /** Relative to the project's folder. */
  readonly file: string;
  readonly text: string;
}

/** Every generated file as it should be. */
export async function renderGeneratedFiles(): Promise<GeneratedFile[]> {
  return [
    { file: 'docs/annotations.md', text: renderAnnotationsPage() },
    { file: 'docs/cli.md', text: renderCliPage() },
    { file: 'docs/log-lines.md', text: renderLogLinesPage() },
    { file: 'docs/rules/README.md', text: renderRulesPage() },
    ...RULES.map((rule) => ({ file: `docs/rules/${rule.id}.md`, text: renderRulePage(rule) })),
    { file: 'docs/settings.md', text: renderSettingsPage() },
    { file: 'docs/skip-reasons.md', text: renderSkipReasonsPage() },
    { file: 'schemas/annotations.schema.json', text: await renderAnnotationsSchema() },
    { file: 'schemas/settings.schema.json', text: await renderSettingsSchema() },
    ...Object.entries(renderShellScripts()).map(([file, text]) => ({ file: `src/${file}`, text })),
  ];
}

/** The text on disk, null where there is no such file. */
export function readGeneratedFile(file: string): string | null {
  const path = ROOT + file;
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

async function main(check: boolean): Promise<number> {
  const files = await renderGeneratedFiles();
  const stale = files.filter(({ file, text }) => readGeneratedFile(file) !== text);
  for (const { file, text } of stale) {
    if (check) {
      process.stderr.write(`${file} is stale\n`);
      continue;
    }
    mkdirSync(dirname(ROOT + file), { recursive: true });
    writeFileSync(ROOT + file, text);
    process.stdout.write(`${file}\n`);
  }
  if (!check || stale.length === 0) return 0;
  process.stderr.write('run: npm run docs\n');
  return 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.includes('--check'));
}
