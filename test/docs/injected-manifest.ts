// Manifests of the documentation through the engine, as the command line takes them.
import { injectFile } from '../../src/cli/manifest-injection.ts';
import type { EditedFile } from '../../src/cli/manifest-injection.ts';
import { explainFile } from '../../src/cli/explanation.ts';
import type { Problem } from '../../src/problem/problem.ts';
import { defaultSettings } from '../../src/settings/parse-settings.ts';
import type { Settings } from '../../src/settings/schema.ts';

/** Injects a text with these settings; nothing is assumed about labels unless said. */
export function injectText(
  text: string,
  { settings = defaultSettings(), assumeLabel = false }: { settings?: Settings; assumeLabel?: boolean } = {},
): EditedFile {
  return injectFile({ file: 'manifest.yaml', text }, { settings, assumeLabel });
}

/** What the rules say about every workload of a text after its injection. */
export function judgeText(text: string, settings: Settings = defaultSettings()): readonly Problem[] {
  const { explanations, problems } = explainFile(
    { file: 'manifest.yaml', text },
    { settings, assumeLabel: false },
  );
  return [...problems, ...explanations.flatMap(({ verdict }) => verdict)];
}

/** `spec: { template: ... }` as a Deployment; anything with a kind stays as it is. */
export function asDeployment(text: string): string {
  return /^kind:/m.test(text)
    ? text
    : `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: fragment\n${text}`;
}
