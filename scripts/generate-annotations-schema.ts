// schemas/annotations.schema.json from the annotation table: what an editor needs to complete and check the label and the
// annotations of a workload. Everything else in the manifest is left to other schemas.
import { ANNOTATIONS, ANNOTATION_PREFIX } from '../src/intent/annotations.ts';
import { MOUNTS_LABEL, STATUS_ANNOTATION } from '../src/intent/labels.ts';
import { formatJson } from './format-json.ts';
import { RULE_IDS } from '../src/problem/rule-ids.ts';

/** The text of schemas/annotations.schema.json (JSON Schema draft-07). */
export async function renderAnnotationsSchema(): Promise<string> {
  const known = [...ANNOTATIONS.map(({ name }) => ANNOTATION_PREFIX + name), STATUS_ANNOTATION];
  const template = { properties: { metadata: { $ref: '#/definitions/metadata' } } };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'media-stack: the label and the annotations of a pod or pod template',
    definitions: {
      annotations: {
        type: 'object',
        properties: Object.fromEntries(ANNOTATIONS.map(describeAnnotation)),
        propertyNames: { anyOf: [{ not: { pattern: `^${ANNOTATION_PREFIX}` } }, { enum: known }] },
      },
      metadata: {
        properties: {
          labels: {
            properties: {
              [MOUNTS_LABEL]: { enum: ['true', 'false'], description: 'Asks for the cloud mounts' },
            },
          },
          annotations: { $ref: '#/definitions/annotations' },
        },
      },
    },
    if: { properties: { kind: { const: 'Pod' } } },
    // oxlint-disable-next-line unicorn/no-thenable
    then: template,
    else: {
      properties: {
        spec: {
          properties: {
            template,
            jobTemplate: { properties: { spec: { properties: { template } } } },
          },
        },
      },
    },
  };
  return formatJson('annotations.schema.json', schema);
}

function describeAnnotation({
  name,
  type,
  example,
  description,
}: (typeof ANNOTATIONS)[number]): [string, object] {
  const values =
    type.choices === undefined
      ? { type: 'string', ...(name === 'ignore' ? { pattern: ruleListPattern() } : {}) }
      : { enum: type.choices };
  const text = `${description} Value: ${type.expected}.`;
  return [ANNOTATION_PREFIX + name, { ...values, description: text, examples: [example] }];
}

function ruleListPattern(): string {
  const id = `(${RULE_IDS.join('|')})`;
  return `^ *${id}( *, *${id})* *$`;
}
