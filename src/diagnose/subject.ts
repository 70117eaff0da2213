// The pod that is looked at: one that is there, or the one that a workload without pods would make.
import { expectMounts } from '../check/expected-mounts.ts';
import type { ExpectedMounts } from '../check/expected-mounts.ts';
import { applyAndCheck } from '../inject/apply-and-check.ts';
import { decide } from '../inject/decide.ts';
import { resolveIntent } from '../intent/intent.ts';
import type { Intent } from '../intent/intent.ts';
import { surveyPod } from '../intent/survey.ts';
import type { Survey } from '../intent/survey.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Pod } from '../pod/pod.ts';
import type { Settings } from '../settings/schema.ts';
import { findRemoteConfig } from './remote-config.ts';
import type { RemoteConfig } from './remote-config.ts';

export interface Subject {
  readonly namespace: string;
  /** Of the pod; of a template that of its workload: `deployment/sonarr`. */
  readonly name: string;
  readonly origin: 'pod' | 'template';
  /** As it runs; a labelled template as it would after injection. */
  readonly pod: Pod;
  /** The pod as the API has it; for a template the pod that it would make, without status. */
  readonly object: JsonObject;
  /** `deployment/sonarr`; null for a pod that nobody controls. */
  readonly workload: string | null;
  readonly settings: Settings;
  readonly intent: Intent;
  readonly survey: Survey;
  /** Null where it has nothing to do with media. */
  readonly expected: ExpectedMounts | null;
  /** Where each mount sidecar has its rclone.conf from; for a remote without a sidecar what the settings say. */
  readonly configs: readonly RemoteConfig[];
}

export interface SubjectInput {
  readonly namespace: string;
  readonly name: string;
  readonly origin: 'pod' | 'template';
  readonly pod: Pod;
  readonly object: JsonObject;
  readonly workload: string | null;
  readonly settings: Settings;
}

/** Everything that follows from the pod and the settings alone. */
export function describeSubject(input: SubjectInput): Subject {
  const pod = input.origin === 'template' ? asInjected(input.pod, input.settings) : input.pod;
  const { intent } = resolveIntent(pod, input.settings);
  const survey = surveyPod(pod, intent, input.settings, []);
  const expected = expectMounts(pod, input.settings);
  return {
    ...input,
    pod,
    intent,
    survey,
    expected,
    configs: (expected?.mounts ?? []).flatMap((mount) => findRemoteConfig(pod, mount, intent) ?? []),
  };
}

/** The template as the webhook would make it; as it stands where it would be refused or passed over. */
function asInjected(template: Pod, settings: Settings): Pod {
  const pod = structuredClone(template);
  const decision = decide({ pod, settings });
  if (decision.report.outcome !== 'injected') return template;
  const applied = applyAndCheck(pod, decision, { settings });
  return applied.ok ? applied.pod : template;
}
