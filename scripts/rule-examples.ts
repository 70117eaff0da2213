// The examples of the rules: test/fixtures/rules/ID/bad.yaml and good.yaml, and what lint says about each.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { locateProblem } from '../src/cli/manifest-injection.ts';
import { decodePod } from '../src/pod/decode-pod.ts';
import { judgeTemplate } from '../src/policy/judge.ts';
import { workloadFacts } from '../src/policy/workload-facts.ts';
import type { Problem } from '../src/problem/problem.ts';
import { parseSettings } from '../src/settings/parse-settings.ts';
import { readManifests } from '../src/workload/documents.ts';
import { findWorkloads } from '../src/workload/template.ts';

const FOLDER = fileURLToPath(new URL('../test/fixtures/rules/', import.meta.url));

export interface RuleExample {
  readonly text: string;
  /** The text of settings.yaml; null where the default settings do. */
  readonly settings: string | null;
  readonly problems: readonly Problem[];
}

/** Reads and lints an example; throws where a file is missing or cannot be read as a manifest. */
export function readRuleExample(id: string, name: 'bad' | 'good'): RuleExample {
  const file = `${name}.yaml`;
  const text = readFileSync(`${FOLDER}${id}/${file}`, 'utf8');
  const settingsFile = `${FOLDER}${id}/settings.yaml`;
  const settings = existsSync(settingsFile) ? readFileSync(settingsFile, 'utf8') : null;
  const parsed = parseSettings(settings ?? '', 'settings.yaml');
  if (!parsed.ok) throw new Error(`${settingsFile}: ${JSON.stringify(parsed.problems)}`);
  const problems = readManifests(text, file).documents.flatMap((document) =>
    findWorkloads(document.value).flatMap((workload) => {
      const decoded = decodePod(workload.podLike);
      if (!decoded.ok) throw new Error(`${id}/${file}: ${JSON.stringify(decoded.problems)}`);
      const verdict = judgeTemplate({
        pod: decoded.pod,
        settings: parsed.settings,
        use: 'lint',
        workload: workloadFacts(workload.kind, workload.object),
      });
      if (!verdict.judged) throw new Error(`${id}/${file}: not judged: ${verdict.reason}`);
      return verdict.problems.map((problem) => locateProblem(problem, workload, document));
    }),
  );
  return { text, settings, problems };
}
