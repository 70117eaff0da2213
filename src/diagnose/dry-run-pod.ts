// The pod that is sent to the API server as a dry run: a new one like this, before the webhook has seen it.
import jsonpatch from 'fast-json-patch';
import { uninject } from '../inject/uninject.ts';
import { STATUS_ANNOTATION } from '../intent/labels.ts';
import { decodePod } from '../pod/decode-pod.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { valueAt } from '../pod/value-at.ts';
import type { Known } from './known.ts';
import { valueOf } from './known.ts';
import type { Subject } from './subject.ts';

export const DRY_RUN_NAME = 'media-stack-dry-run';

/** Whether our webhook has been there. */
export function isInjected(created: unknown): boolean {
  return valueAt(created, ['metadata', 'annotations', STATUS_ANNOTATION]) !== undefined;
}

/** From the template of the workload where it can be read, else from the pod with the injection taken out. */
export function renderDryRunPod(subject: Subject, workload: Known<JsonObject> | null): JsonObject {
  const found = workload === null ? null : valueOf(workload);
  const template =
    subject.origin === 'template'
      ? subject.object
      : found === null
        ? null
        : valueAt(found, ['spec', 'template']);
  const source = isJsonObject(template) ? template : withoutInjection(subject.object);
  const metadata = isJsonObject(source['metadata']) ? source['metadata'] : {};
  const spec = isJsonObject(source['spec']) ? source['spec'] : {};
  const { nodeName: _node, ephemeralContainers: _ephemeral, ...kept } = spec;
  const annotations = isJsonObject(metadata['annotations']) ? metadata['annotations'] : {};
  const { [STATUS_ANNOTATION]: _status, ...notes } = annotations;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: DRY_RUN_NAME,
      namespace: subject.namespace,
      ...(metadata['labels'] === undefined ? {} : { labels: metadata['labels'] }),
      annotations: notes,
    },
    spec: kept,
  };
}

function withoutInjection(object: JsonObject): JsonObject {
  const decoded = decodePod(structuredClone(object));
  if (!decoded.ok) return object;
  const undone = uninject(decoded.pod);
  if (undone.outcome === 'skipped') return object;
  return jsonpatch.applyPatch(decoded.pod, undone.patch as jsonpatch.Operation[])
    .newDocument as unknown as JsonObject;
}
