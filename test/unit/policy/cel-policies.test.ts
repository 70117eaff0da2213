// What `media-stack policy` renders. That the API server accepts it, and agrees with the rules, is in
// test/cluster/cel-policy.cluster.test.ts.
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { CEL_RULES, celRuleIds, renderCelPolicies } from '../../../src/policy/cel/cel-policies.ts';
import { RULES } from '../../../src/policy/catalogue.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { settingsOf } from '../../support/labelled-pod.ts';
import { mediaStack } from '../../support/run-command.ts';

interface Policy {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly failurePolicy?: string;
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
    readonly variables: readonly { readonly name: string; readonly expression: string }[];
    readonly validations: readonly { readonly expression: string; readonly messageExpression: string }[];
  };
}

const render = (yaml = '') => renderCelPolicies(settingsOf(yaml), 'media-stack') as unknown as Policy[];
const policiesOf = (yaml = '') => render(yaml).filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
const codesIn = ({ spec }: Policy) =>
  spec.validations.map(({ messageExpression }) => /"(MS\d{3}): /.exec(messageExpression)?.[1]);

describe('the policies', () => {
  it('are one for each place where a template stands, each with a binding that denies', () => {
    expect(render().map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
      ['pods', 'workloads', 'cronjobs'].flatMap((place) => [
        `ValidatingAdmissionPolicy media-stack-${place}`,
        `ValidatingAdmissionPolicyBinding media-stack-${place}`,
      ]),
    );
    for (const { kind, metadata, spec } of render()) {
      if (kind === 'ValidatingAdmissionPolicy') expect(spec.failurePolicy).toBe('Fail');
      else expect(spec).toEqual({ policyName: metadata.name, validationActions: ['Deny'] });
    }
  });

  it('hold the final state of pods, and on workloads what needs no injection', () => {
    expect(policiesOf().map((policy) => [...new Set(codesIn(policy))])).toEqual([
      ['MS502', 'MS302', 'MS101', 'MS102', 'MS201'],
      ['MS502', 'MS101', 'MS102', 'MS103', 'MS201', 'MS205', 'MS306'],
      ['MS502', 'MS101', 'MS102', 'MS103', 'MS201', 'MS205', 'MS306'],
    ]);
    expect(celRuleIds(defaultSettings(), 'pod')).toEqual(['MS101', 'MS102', 'MS201', 'MS302', 'MS502']);
  });

  it('hold nothing but deny rules of the catalogue', () => {
    const deny = RULES.filter(({ level }) => level === 'deny').map(({ id }) => id);
    expect(CEL_RULES.map(({ rule }) => rule.id).filter((id) => !deny.includes(id))).toEqual([]);
  });

  it.each(['off', 'warn'])('leave out a rule that the settings have %s', (level) => {
    const [pods] = policiesOf(`policy: { rules: { MS101: ${level} } }`);
    expect(pods && [...new Set(codesIn(pods))]).toEqual(['MS502', 'MS302', 'MS102', 'MS201']);
  });

  it('ask for every key of the settings that pins a node', () => {
    const [pods] = policiesOf('policy: { nodeSelectorKeys: [kubernetes.io/hostname, rack] }');
    const pins = pods?.spec.validations.filter(({ messageExpression }) =>
      messageExpression.startsWith('"MS101: "'),
    );
    expect(
      pins?.map(({ expression }) => /"(\S+)" in object.spec.nodeSelector/.exec(expression)?.[1]),
    ).toEqual(['kubernetes.io/hostname', 'rack']);
  });

  it('expect the remotes, and the media path, of the settings', () => {
    const yaml = 'media: { path: /data }\nremotes: [{ name: films, secret: s }]';
    const variables = policiesOf(yaml)[0]?.spec.variables ?? [];
    const expressionOf = (name: string) => variables.find((variable) => variable.name === name)?.expression;
    expect(expressionOf('remotes')).toMatch(/^\["films"\]\.filter/);
    expect(expressionOf('mediaPath')).toMatch(/ : "\/data"$/);
  });

  it('heed the annotation media-stack/ignore only where denials may be waived', () => {
    const waived = (yaml: string) =>
      policiesOf(yaml)[0]?.spec.variables.find(({ name }) => name === 'waived')?.expression;
    expect(waived('')).toBe('[""]');
    expect(waived('policy: { waivers: all }')).toContain('media-stack/ignore');
  });
});

describe('media-stack policy', () => {
  it('refuses a name that no object can have', async () => {
    const { code, stdout, stderr } = await mediaStack(['policy', '--name', 'Media Stack']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--name "Media Stack" is no name of an object');
  });

  it('prints them as YAML for kubectl, and as JSON', async () => {
    const yaml = await mediaStack(['policy', '--name', 'gate']);
    expect(yaml.code).toBe(0);
    expect(yaml.stdout).toMatch(/^# Made by media-stack \S+: media-stack policy\. /);
    const objects = parseAllDocuments(yaml.stdout).map((document) => document.toJS() as unknown);
    expect(objects).toEqual(renderCelPolicies(defaultSettings(), 'gate'));
    const json = await mediaStack(['policy', '--name', 'gate', '--json']);
    expect((JSON.parse(json.stdout) as { items: unknown }).items).toEqual(objects);
  });
});
