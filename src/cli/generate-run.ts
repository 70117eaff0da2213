// What generate-media-app does when it runs: checks the words, renders, writes all files or none.
import { join } from 'node:path';
import { checkApp } from '../generate/check-app.ts';
import { renderApp } from '../generate/render-app.ts';
import type { GeneratedObject } from '../generate/render-app.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { EXIT_COULD_NOT_RUN, EXIT_OK } from './exit-code.ts';
import type { GenerateFlags } from './generate-media-app.ts';
import { loadSettings } from './load-settings.ts';
import { injectFile } from './manifest-injection.ts';
import { renderProblemText } from './report/problem-text.ts';
import { paintFor } from './report/style.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from '../version.ts';
import { writeNewFiles } from './write-new-files.ts';
import type { NewFile } from './write-new-files.ts';

interface AppArguments {
  readonly name: string;
  readonly image: string;
  readonly port: string;
}

/** The exit code. */
export async function generateMediaApp(app: AppArguments, flags: GenerateFlags): Promise<number> {
  const loaded = await loadSettings(flags.settings);
  if (!loaded.ok) return refuse(loaded.problems);
  const { settings } = loaded;
  const inline = flags.inline ?? false;
  if (inline && !flags.sidecars)
    throw new UsageError('--inline and --no-sidecars contradict each other', 'Take one of the two away.');
  const checked = checkApp(
    { ...flags, ...app, isLabelled: flags.sidecars && !inline, openshift: flags.openshift ?? false },
    settings,
    isTimeZone,
  );
  if (!checked.ok) return refuse(checked.problems);
  const paint = paintFor(process.stderr);
  for (const warning of checked.warnings) process.stderr.write(`${paint('yellow', 'Warning:')} ${warning}\n`);
  const objects = renderApp(checked.app, settings);
  if (flags.dryRun && (flags.json || flags.output === 'json')) {
    process.stdout.write(
      `${JSON.stringify(
        objects.map(({ file, object }) => ({ file, object })),
        null,
        2,
      )}\n`,
    );
    return EXIT_OK;
  }
  const files: NewFile[] = [];
  for (const object of objects) {
    const text = await renderFile(object);
    files.push({
      path: join(flags.out, object.file),
      text: inline ? writeOut(text, object.file, settings) : text,
    });
  }
  if (flags.dryRun) {
    process.stdout.write(files.map(({ path, text }) => `# ${path}\n${text}`).join('---\n'));
    return EXIT_OK;
  }
  const problems = await writeNewFiles(files);
  if (problems.length > 0) return refuse(problems);
  process.stdout.write(files.map(({ path }) => `${path}\n`).join(''));
  process.stderr.write(`\n${nextStep(flags, app.name)}\n`);
  return EXIT_OK;
}

function refuse(problems: readonly Problem[]): number {
  const paint = paintFor(process.stderr);
  for (const problem of problems) process.stderr.write(renderProblemText(problem, undefined, paint));
  return EXIT_COULD_NOT_RUN;
}

async function renderFile({ comment, object }: GeneratedObject): Promise<string> {
  const { stringify } = await import('yaml');
  const head = [`Made by media-stack ${VERSION}; yours to change.`, ...comment];
  return head.map((line) => `# ${line}\n`).join('') + stringify(object, { lineWidth: 0, compat: 'yaml-1.1' });
}

/** The same injection as on any other file. */
function writeOut(text: string, file: string, settings: Settings): string {
  return injectFile({ file, text }, { settings, assumeLabel: true }).after;
}

function nextStep(flags: GenerateFlags, name: string): string {
  const base = join(flags.out, 'apps', name, 'base');
  if (flags.argocd !== undefined)
    return `Commit and push them, then: kubectl apply -n argocd -f ${join(flags.out, 'apps', name, 'argocd-application.yaml')}`;
  const namespace = flags.namespace === undefined ? ' -n NAMESPACE' : '';
  return `Next: kubectl apply${namespace} -k ${base}\nThen: media-stack check-media-mounts ${flags.namespace ?? 'NAMESPACE'}`;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
