import { isJsonObject } from '../../pod/json.ts';
import { valueAt } from '../../pod/value-at.ts';
import type { Check } from '../check.ts';
import type { EndpointFacts, Facts } from '../facts.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../known.ts';
import type { Known } from '../known.ts';
import { matchesSelector } from '../../pod/label-selector.ts';
import { asksForPods, endpointKey, listOurWebhooks } from '../our-webhooks.ts';
import type { OurWebhook } from '../our-webhooks.ts';
import { listRefusals } from '../refusals.ts';

const INSTALL =
  'install it: helm install media-stack charts/media-stack -n media-stack-system --create-namespace';

export const webhook: Check = {
  id: 'webhook',
  group: 'webhook',
  title: 'the webhook sees new pods of this namespace, and answers',
  run: (facts) => {
    const { subject, mutating, validating, admission } = facts;
    const isHandWritten = subject.expected?.label !== 'true' && subject.survey.sidecars.length > 0;
    // Hand-written sidecars need no webhook.
    if (subject.expected === null || isHandWritten) return null;
    const refused = unreachable(facts);
    if (mutating.state !== 'known')
      return refused.length > 0 ? { looked: 'not read', findings: refused } : afterDryRun(facts, mutating);
    const ours = listOurWebhooks(mutating.value, 'mutating');
    const validators = listOurWebhooks(valueOf(validating) ?? [], 'validating');
    if (ours.length === 0) return { looked: 'none', findings: [absent()] };
    const findings = [...ours, ...validators].flatMap((found) => judge(found, facts));
    if (validating.state === 'known' && validators.length === 0) findings.push(noValidator());
    const called = valueOf(admission);
    if (
      called?.outcome === 'admitted' &&
      !called.injected &&
      findings.length === 0 &&
      subject.expected.label === 'true'
    )
      findings.push(notCalled(ours));
    const names = [
      ...new Set(
        ours.map(
          ({ configuration, endpoint }) =>
            `${configuration}${endpoint === null ? '' : ` at ${endpointKey(endpoint)}`}`,
        ),
      ),
    ];
    return {
      looked: `${names.join(', ')}${called?.outcome === 'admitted' && called.injected ? '; a dry run was injected' : ''}`,
      findings: [...refused, ...findings.filter((finding) => !isSame(finding, refused))],
    };
  },
};

function absent(): Finding {
  return fail({
    code: 'webhook_absent',
    found: 'no MutatingWebhookConfiguration asks for pods with the label media-stack/cloud-mounts',
    cause: 'media-stack is not installed in this cluster: nothing adds the sidecars',
    mend: [INSTALL, 'or write the sidecars into the manifest: media-stack inject -f FILE'],
    symptom: 'label_without_effect',
  });
}

function noValidator(): Finding {
  return warn({
    code: 'validator_absent',
    found: 'there is no ValidatingWebhookConfiguration of media-stack',
    cause: 'mistakes in labelled pods are not refused when they are made',
    mend: [INSTALL],
    symptom: null,
  });
}

function notCalled(ours: readonly OurWebhook[]): Finding {
  const ignores = ours.some(({ webhook: found }) => found['failurePolicy'] === 'Ignore');
  return fail({
    code: 'webhook_not_called',
    found: 'a dry run of a new pod came back without the sidecars',
    cause: ignores
      ? 'failurePolicy is Ignore: the API server could not call the webhook, and went on without it'
      : 'the webhook was not asked, or passed the pod over',
    mend: ['kubectl logs -n media-stack-system deployment/media-stack'],
    symptom: 'label_without_effect',
  });
}

function judge(found: OurWebhook, facts: Facts): Finding[] {
  const { subject, namespace, endpoints } = facts;
  const where = `${found.kind} webhook ${found.name} (${found.configuration})`;
  if (!asksForPods(found))
    return found.kind === 'mutating'
      ? [
          broken(
            'webhook_rules',
            `${where} asks for the creation of no pods`,
            'its rules lack CREATE on pods',
          ),
        ]
      : [];
  const labels = valueAt(valueOf(namespace), ['metadata', 'labels']);
  if (isJsonObject(labels) && !matchesSelector(found.webhook['namespaceSelector'], labels))
    return [
      broken(
        'namespace_excluded',
        `${where} passes namespace ${subject.namespace} over`,
        `its namespaceSelector does not take the labels of the namespace: ${JSON.stringify(found.webhook['namespaceSelector'])}`,
      ),
    ];
  if (
    !matchesSelector(found.webhook['objectSelector'], subject.pod.metadata?.labels ?? {}) &&
    subject.expected?.label === 'true'
  )
    return [
      broken(
        'object_excluded',
        `${where} passes this pod over`,
        'its objectSelector does not take the labels of the pod',
      ),
    ];
  if (found.endpoint === null)
    return [
      broken('webhook_endpoint', `${where} has neither url nor service`, 'its clientConfig is incomplete'),
    ];
  return judgeEndpoint(where, endpoints[endpointKey(found.endpoint)], found);
}

function judgeEndpoint(
  where: string,
  fact: Known<EndpointFacts> | undefined,
  { endpoint }: OurWebhook,
): Finding[] {
  const name = endpoint === null ? '' : endpointKey(endpoint);
  if (fact?.state === 'absent')
    return [
      broken(
        'webhook_service_absent',
        `${where} calls service ${name}, which does not exist`,
        'the release was removed, or lives in another namespace',
      ),
    ];
  if (fact?.state !== 'known') return [];
  if (fact.value.kind === 'service' && fact.value.ready === 0)
    return [
      broken(
        'webhook_unreachable',
        `service ${name} of ${where} has no ready endpoint`,
        'no pod of media-stack is ready',
      ),
    ];
  // From here the server may be out of reach while the API server gets there.
  return [];
}

function broken(code: string, found: string, cause: string): Finding {
  return fail({
    code,
    found,
    cause,
    mend: [INSTALL.replace('install it', 'install it again, or mend the configuration')],
    symptom: 'label_without_effect',
  });
}

function unreachable(facts: Facts): Finding[] {
  return listRefusals(facts)
    .filter(({ kind }) => kind === 'webhook_unreachable')
    .map(({ message, webhook: name }) =>
      fail({
        code: 'webhook_unreachable',
        found: message,
        cause: `the API server cannot reach the webhook ${name ?? ''}, and its failurePolicy is Fail`,
        mend: [
          'kubectl get pods,endpointslices -n media-stack-system',
          'kubectl logs -n media-stack-system deployment/media-stack',
        ],
        symptom: 'pod_not_created',
      }),
    );
}

function isSame({ code }: Finding, others: readonly Finding[]): boolean {
  return others.some((other) => other.code === code);
}

/** Without the right to read the configurations a dry run still tells whether the webhook is there. */
function afterDryRun(
  { admission }: Facts,
  fact: Exclude<Known<unknown>, { state: 'known' }>,
): ReturnType<Check['run']> {
  const called = valueOf(admission);
  return called?.outcome === 'admitted' && called.injected
    ? { looked: 'a dry run was injected; its configuration may not be read', findings: [] }
    : notMade(fact, 'the webhook configurations');
}
