import { describe, expect, it } from 'vitest';
import { known } from '../../../src/diagnose/known.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { codesOf, handWritten, injected, LABELLED, node, runCheck } from './some-facts.ts';

describe('claim', () => {
  it('names one that is missing, with the manifest', () => {
    expect(runCheck('claim', { claim: { state: 'absent' } })?.findings).toEqual([
      {
        code: 'claim_missing',
        level: 'fail',
        found: 'there is no claim media-library-pvc in namespace media',
        cause: 'the claim of the media volume does not exist, and the pod waits for it',
        mend: [
          'create it, or name another one: settings media.volume, or the annotation media-stack/media-claim',
          'kubectl get pvc -n media',
        ],
        yaml: 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: media-library-pvc\n  namespace: media\nspec:\n  accessModes: [ReadWriteMany]\n  resources:\n    requests:\n      storage: 1Ti\n',
        symptom: 'pod_not_starting',
        role: 'cause',
      },
    ]);
  });

  it('names one that is not bound, and one for a single node', () => {
    const claim = known({ spec: { accessModes: ['ReadWriteOnce'] }, status: { phase: 'Pending' } });
    expect(codesOf(runCheck('claim', { claim }))).toEqual(['fail claim_not_bound', 'warn claim_not_shared']);
  });

  it('says which right is missing', () => {
    const claim = { state: 'not_allowed', right: 'get persistentvolumeclaims -n media' } as const;
    expect(runCheck('claim', { claim })?.findings[0]?.found).toBe(
      'claim media-library-pvc cannot be read: kubectl auth can-i get persistentvolumeclaims -n media says no',
    );
  });
});

describe('limit-range', () => {
  const range = (limit: object) =>
    known([{ metadata: { name: 'small' }, spec: { limits: [{ type: 'Container', ...limit }] } }]);
  const found = (limit: object) =>
    runCheck('limit-range', { object: handWritten({}), limitRanges: range(limit) as never })?.findings.map(
      (f) => f.found,
    );

  it.each([
    [
      { max: { memory: '512Mi' } },
      ['rclone-zurg: its memory limit 1Gi is above the maximum 512Mi (LimitRange small)'],
    ],
    [
      { min: { cpu: '200m' } },
      ['rclone-zurg: its cpu request 100m is below the minimum 200m (LimitRange small)'],
    ],
    [
      { maxLimitRequestRatio: { cpu: '2' } },
      ['rclone-zurg: its cpu limit 500m is more than 2 times its request 100m (LimitRange small)'],
    ],
    [{ max: { memory: '1Gi', cpu: 1 } }, []],
    [{ type: 'Pod', max: { memory: '1Mi' } }, []],
  ])('%j', (limit, expected) => {
    expect(found(limit)).toEqual(expected);
  });

  it('takes the words of the API server where LimitRanges cannot be read', () => {
    const message = 'pods "x" is forbidden: maximum memory usage per Container is 512Mi, but limit is 1Gi';
    const limitRanges = { state: 'not_allowed', right: 'list limitranges -n media' } as const;
    const admission = known({ outcome: 'refused', message } as const);
    expect(runCheck('limit-range', { limitRanges, admission })?.findings).toMatchObject([
      { code: 'limit_range', found: message, symptom: 'pod_not_created' },
    ]);
  });
});

describe('node', () => {
  const pinned = (spec: object, message?: string) => ({
    ...handWritten({ spec: { nodeName: '', ...spec } }),
    status: {
      phase: 'Pending',
      conditions: message === undefined ? [] : [{ type: 'PodScheduled', status: 'False', message }],
    },
  });
  const required = (operator: string) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator, values: ['node9'] }] },
          ],
        },
      },
    },
  });

  it('is known issue 3 where a required affinity fits no node', () => {
    const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
    const result = runCheck('node', { object: pinned(required('In'), message) });
    expect(result?.looked).toBe('on no node yet, 1 node in all');
    expect(result?.findings).toMatchObject([
      { level: 'fail', code: 'node_pinned', symptom: 'some_nodes_only', role: 'cause' },
      {
        level: 'fail',
        code: 'affinity_unmet',
        role: 'effect',
        found: `no node takes the pod: ${message}`,
        cause: 'nodeSelector or required affinity of the pod fits no node',
        mend: ['kubectl get nodes --show-labels, and compare with nodeSelector and affinity of the pod'],
      },
    ]);
  });

  it('is a warning while the pod runs all the same, and nothing for NotIn', () => {
    expect(codesOf(runCheck('node', { object: handWritten({ spec: required('In') }) }))).toEqual([
      'warn node_pinned',
    ]);
    expect(codesOf(runCheck('node', { object: handWritten({ spec: required('NotIn') }) }))).toEqual([]);
  });

  it.each([
    [
      '0/2 nodes are available: 2 Insufficient memory.',
      'no node has the CPU or memory that the pod requests; the sidecars request theirs too',
    ],
    [
      '0/1 nodes are available: 1 node(s) had untolerated taint {a: b}.',
      'the nodes have a taint that the pod does not tolerate',
    ],
    [
      '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
      'the claim of a volume is not bound',
    ],
  ])('%s', (message, cause) => {
    expect(runCheck('node', { object: pinned({}, message) })?.findings).toMatchObject([
      { code: 'unschedulable', cause },
    ]);
  });

  it('names a node that is not Ready', () => {
    const nodes = known([node('node1', 'v1.36.3', 'Unknown')]);
    expect(runCheck('node', { nodes })?.findings).toMatchObject([
      { code: 'node_not_ready', found: 'node node1 is not Ready: why' },
    ]);
  });
});

describe('pod-security', () => {
  const namespace = known({ metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } });
  const unasked = { state: 'not_allowed', right: 'create pods -n media' } as const;

  it('names the level of the namespace where no dry run may be made', () => {
    expect(runCheck('pod-security', { namespace, admission: unasked })?.findings).toEqual([
      {
        code: 'pod_security',
        level: 'fail',
        found: 'the namespace enforces the level baseline',
        cause:
          'PodSecurity admission refuses privileged containers at the levels baseline and restricted, and the sidecars are privileged',
        mend: ['kubectl label namespace media pod-security.kubernetes.io/enforce=privileged --overwrite'],
        yaml: null,
        symptom: 'pod_not_created',
        role: 'cause',
      },
    ]);
  });

  it('takes the words of the API server first, and believes a dry run that was admitted (exemptions)', () => {
    const message = 'not allowed: pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged';
    expect(
      runCheck('pod-security', { namespace, admission: known({ outcome: 'refused', message } as const) })
        ?.findings[0]?.found,
    ).toBe('pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged');
    expect(codesOf(runCheck('pod-security', { namespace }))).toEqual([]);
  });
});

describe('scc', () => {
  const namespace = known({ metadata: { annotations: { 'openshift.io/sa.scc.uid-range': '1/2' } } });

  it('is no question off OpenShift', () => {
    expect(runCheck('scc')).toBeUndefined();
  });

  it('names a service account that may not use it', () => {
    expect(runCheck('scc', { namespace, privilegedScc: known(false) })?.findings).toMatchObject([
      {
        code: 'scc_not_usable',
        found: 'service account default may not use the SCC "privileged"',
        mend: ['oc adm policy add-scc-to-user privileged -z default -n media'],
        symptom: 'sidecar_crash_loop',
      },
    ]);
  });

  it('takes the refusal of SCC admission as it stands', () => {
    const message =
      'pods "x" is forbidden: unable to validate against any security context constraint: [...]';
    const admission = known({ outcome: 'refused', message } as const);
    expect(runCheck('scc', { namespace, privilegedScc: known(true), admission })?.findings[0]?.found).toBe(
      message,
    );
  });

  it('warns of a template without required-scc', () => {
    const settings = { ...defaultSettings(), platform: 'openshift' as const };
    expect(codesOf(runCheck('scc', { subject: { settings }, privilegedScc: known(true) }))).toEqual([
      'warn required_scc_missing',
    ]);
  });
});

describe('kubelet', () => {
  it('fails on a node before 1.29, and warns where only another one is', () => {
    expect(runCheck('kubelet', { nodes: known([node('node1', 'v1.28.9')]) })?.findings).toMatchObject([
      {
        level: 'fail',
        code: 'kubelet_too_old',
        found: 'older than 1.29: node1 (v1.28.9)',
        symptom: 'some_nodes_only',
      },
    ]);
    expect(
      codesOf(runCheck('kubelet', { nodes: known([node('node1'), node('node2', 'v1.27.1+k3s1')]) })),
    ).toEqual(['warn kubelet_too_old']);
  });

  it('is no question for plain containers', () => {
    expect(
      runCheck('kubelet', { object: handWritten({}), nodes: known([node('node1', 'v1.20.0')]) }),
    ).toBeUndefined();
  });
});

describe('admission', () => {
  it('names a webhook that denies, as a warning while a pod runs', () => {
    const message =
      'admission webhook "pods.media-stack.io" denied the request: MS101 nodeSelector pins the pod';
    const admission = known({ outcome: 'refused', message } as const);
    expect(codesOf(runCheck('admission', { admission }))).toEqual(['warn webhook_denied']);
    const subject = { origin: 'template', name: 'deployment/sonarr' } as const;
    expect(codesOf(runCheck('admission', { object: LABELLED, subject, admission }))).toEqual([
      'fail webhook_denied',
    ]);
  });

  it('is fine for an injected pod', () => {
    expect(runCheck('admission', { object: injected() })).toMatchObject({ status: 'ok', looked: 'admitted' });
  });
});
