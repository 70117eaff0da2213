// A run of generate-media-app: settings, checks, manifests, files, and the account of it.
import { join } from 'node:path';
import type { AppRequest } from '../generate/app-request.ts';
import { checkMediaApp } from '../generate/check-media-app.ts';
import type { Manifest } from '../generate/manifest.ts';
import type { MediaApp } from '../generate/media-app.ts';
import { baseFolder, renderApp } from '../generate/render-app.ts';
import { renderManifestText } from '../generate/render-manifest-text.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from './exit-code.ts';
import { fileErrorText } from './file-error.ts';
import { planNextSteps, renderAccount } from './generate-report.ts';
import { judgeFile } from './lint-manifests.ts';
import { loadSettings } from './load-settings.ts';
import { renderProblemText } from './report/problem-text.ts';
import { paintFor } from './report/style.ts';
import { systemTimeZones } from './time-zones.ts';
import { findTaken, writeNewFiles } from './write-new-files.ts';

export interface GenerateOptions extends Omit<AppRequest, 'openshift' | 'inline'> {
  readonly openshift?: boolean;
  readonly inline?: boolean;
  /** False where --expose has its default. */
  readonly isExposeGiven: boolean;
  readonly dryRun?: boolean;
  readonly out: string;
  readonly settings?: string;
  readonly output: 'text' | 'json';
  readonly json?: boolean;
}

/** Writes or prints the manifests; the exit code. */
export async function generateMediaApp(options: GenerateOptions): Promise<number> {
  const loaded = await loadSettings(options.settings);
  if (!loaded.ok) return refuse(loaded.problems);
  const { settings } = loaded;
  const openshift = options.openshift ?? settings.platform === 'openshift';
  const request = { ...options, openshift, inline: options.inline ?? false };
  const checked = checkMediaApp(request, settings, systemTimeZones());
  if (!checked.ok) return refuse(checked.problems);
  const { app } = checked;
  const rendered = renderApp(app, settings);
  if (!rendered.ok) return refuse(rendered.problems);
  const files = rendered.manifests.map(({ file, ...manifest }) => {
    const path = join(options.out, file);
    return { path, manifest, text: renderManifestText({ file, ...manifest }) };
  });
  const warnings = [...checked.warnings];
  // An image or flag of the settings may break a rule: better heard now than at the next lint.
  for (const { path, text } of files) {
    const { subjects } = judgeFile({ file: path, text }, { settings, assumeLabel: false });
    const found = subjects.flatMap(({ linted }) => linted?.problems ?? []);
    const denials = found.filter(({ level }) => level === 'deny');
    if (denials.length > 0) {
      refuse(denials.map(asOfSettings));
      return EXIT_NO;
    }
    warnings.push(...found.map(({ code, message }) => `${code} by these settings: ${message}`));
  }
  if (app.exposure.kind === 'route' && !options.isExposeGiven && !openshift)
    warnings.push('a Route is for OpenShift: elsewhere choose --expose ingress, gateway or none');
  const dryRun = options.dryRun ?? false;
  const taken = await findTaken(listPlaces(files, options.out, app));
  if (taken.length > 0 && !dryRun) {
    refuse(taken.map(takenProblem));
    return EXIT_NO;
  }
  warnings.push(
    ...taken.map((path) => `${path} is there already: nothing would be written without --dry-run`),
  );
  if (!dryRun) {
    try {
      await writeNewFiles(files);
    } catch (error) {
      return refuse([writeProblem(error, options.out)]);
    }
  }
  report(app, rendered.manifests, settings, { options, warnings, files });
  return EXIT_OK;
}

interface Outcome {
  readonly options: GenerateOptions;
  readonly warnings: readonly string[];
  readonly files: readonly RenderedFile[];
}

interface RenderedFile {
  readonly path: string;
  readonly text: string;
  readonly manifest: Omit<Manifest, 'file'>;
}

/** The files on stdout when they are not written, else the account of them. */
function report(
  app: MediaApp,
  manifests: readonly Manifest[],
  settings: Settings,
  { options, warnings, files }: Outcome,
): void {
  const { out, dryRun = false } = options;
  const paint = paintFor(process.stderr);
  const steps = planNextSteps(app, out);
  if (options.json || options.output === 'json') {
    const list = files.map(({ path, manifest }) => ({ path, manifest: manifest.object }));
    const account = { app: app.name, written: !dryRun, files: list, warnings, next: steps };
    process.stdout.write(`${JSON.stringify(account, null, 2)}\n`);
    return;
  }
  const account = renderAccount({ app, manifests, steps, settings, out, written: !dryRun });
  if (dryRun) {
    process.stdout.write(files.map(({ path, text }) => `# ${path}\n${text}`).join('---\n'));
    process.stderr.write(account);
  } else process.stdout.write(account);
  for (const warning of warnings) process.stderr.write(`${paint('yellow', 'Warning:')} ${warning}\n`);
}

/** kustomize refuses a folder with two kustomizations, under whichever of their names. */
const OTHER_KUSTOMIZATIONS = ['kustomization.yml', 'Kustomization'];

/** Where nothing may be yet. */
function listPlaces(files: readonly RenderedFile[], out: string, { name }: MediaApp): string[] {
  const others = OTHER_KUSTOMIZATIONS.map((file) => join(out, baseFolder(name), file));
  return [...files.map(({ path }) => path), ...others];
}

function takenProblem(path: string): Problem {
  return {
    code: 'file',
    level: 'deny',
    path,
    message: 'is there already: no file was written',
    hint: 'Move it away, or choose another folder with --out. --dry-run prints what would stand there.',
  };
}

function writeProblem(error: unknown, out: string): Problem {
  const path = error instanceof Error && 'path' in error ? String(error.path) : out;
  return {
    code: 'file',
    level: 'deny',
    path,
    message: `cannot be written: ${fileErrorText(error)}. No file was written`,
    hint: 'Check the folder given with --out and its permissions.',
  };
}

/** Without its place in a file that is not there. */
function asOfSettings({ position: _position, ...problem }: Problem): Problem {
  return { ...problem, path: `${problem.code} by these settings:` };
}

function refuse(problems: readonly Problem[]): number {
  const paint = paintFor(process.stderr);
  for (const problem of problems) process.stderr.write(`${renderProblemText(problem, undefined, paint)}\n`);
  return EXIT_COULD_NOT_RUN;
}
