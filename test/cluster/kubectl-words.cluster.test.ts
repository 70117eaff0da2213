// What a person reads behind a real `kubectl apply`: denials as the API server's causes, warnings as lines of their own.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KubectlResult, KubeObject } from './kubectl.ts';
import { LABEL, renderDeployment, renderPod } from './media-app.ts';
import { findProvider } from './provider.ts';
import { useCluster } from './use-cluster.ts';

const provider = await findProvider('API server');

const MEDIA = { name: 'media', mountPath: '/mnt/media' };

describe.skipIf(provider === null)('the words of kubectl apply', () => {
  const suite = useCluster(provider);
  const namespace = `words-${process.pid}`;
  const kubectl = () => suite().cluster.kubectl;
  const apply = async (input: KubeObject): Promise<KubectlResult> =>
    kubectl().run(['apply', '-f', '-'], { input });
  beforeAll(async () => void (await kubectl().createNamespace(namespace)));
  afterEach(async () => suite().webhook.changeSettings({}));

  it('name every rule that a pod breaks, with the value found and the mend', async () => {
    const required = {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['a', 'b'] }] },
      ],
    };
    const refused = await apply(
      renderPod({
        namespace,
        name: 'broken',
        spec: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } },
        container: { volumeMounts: [{ ...MEDIA, mountPropagation: 'None' }] },
      }),
    );
    expect(refused).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": "The Pod "broken" is invalid: 
      * spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0]: MS102: required node affinity pins the pod: kubernetes.io/hostname In [a, b]. Make it preferredDuringSchedulingIgnoredDuringExecution (weight 100), or remove it and list the nodes under preferredNodes in the settings.
      * spec.containers[0].volumeMounts[0].mountPropagation: MS201: container broken mounts /mnt/media with mountPropagation "None": it never sees the mounts of the sidecars. Write mountPropagation: HostToContainer there, or take the field away and let the webhook add it.
      ",
        "stdout": "",
      }
    `);
  });

  it('name what the injection refuses: a bad duration, and an annotation for nobody', async () => {
    const annotations = { 'media-stack/dir-cache-time': 'soon', 'media-stack/remotes': 'zurk' };
    const refused = await apply(renderPod({ namespace, name: 'misannotated', annotations }));
    expect(refused).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": "The Pod "misannotated" is invalid: 
      * metadata.annotations[media-stack/dir-cache-time]: MS503: "soon" is not a number with a unit, e.g. 60s or 5m. Write for example media-stack/dir-cache-time: "10s".
      * metadata.annotations[media-stack/remotes]: MS503: there is no remote "zurk" in the settings. Did you mean "zurg"? Known remotes: zurg, torbox.
      ",
        "stdout": "",
      }
    `);
  });

  it('refuse a label value that is neither true nor false', async () => {
    const refused = await apply(renderPod({ namespace, name: 'maybe', labels: { [LABEL]: 'yes' } }));
    expect(refused).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": "The Pod "maybe" is invalid: metadata.labels[media-stack/cloud-mounts]: MS502: the label value "yes" is neither "true" nor "false". Write media-stack/cloud-mounts: "true" (with the quotes: a label is a string), or "false" to switch the mounts off.
      ",
        "stdout": "",
      }
    `);
  });

  it("leave a rule that is the API server's own to the API server", async () => {
    const container = { volumeMounts: [{ ...MEDIA, mountPropagation: 'Bidirectional' }] };
    const refused = await apply(renderPod({ namespace, name: 'unprivileged', container }));
    expect(refused).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": "The Pod "unprivileged" is invalid: spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers
      ",
        "stdout": "",
      }
    `);
  });

  it('warn about a Deployment that may not work, and create it', async () => {
    const spec = { runtimeClassName: 'gvisor' };
    const created = await apply(renderDeployment({ namespace, name: 'sandboxed', replicas: 0, spec }));
    expect(created).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "stderr": "Warning: MS306 spec.template.spec.runtimeClassName: runtimeClassName "gvisor" looks like a VM or gVisor, where mounts may not pass between containers. Use the default runtime for this pod, or test that the app sees its files.
      ",
        "stdout": "deployment.apps/sandboxed created
      ",
      }
    `);
  });

  it('warn about a pod that may not work, and create it', async () => {
    const spec = { runtimeClassName: 'gvisor' };
    await kubectl().create({
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: 'gvisor' },
      handler: 'runsc',
    });
    const created = await apply(renderPod({ namespace, name: 'sandboxed', spec }));
    expect(created).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "stderr": "Warning: MS306 spec.runtimeClassName: runtimeClassName "gvisor" looks like a VM or gVisor, where mounts may not pass between containers. Use the default runtime for this pod, or test that the app sees its files.
      ",
        "stdout": "pod/sandboxed created
      ",
      }
    `);
  });

  it('show warnings beside a denial', async () => {
    const spec = { runtimeClassName: 'gvisor', nodeName: 'node-7' };
    const refused = await apply(renderDeployment({ namespace, name: 'both', replicas: 0, spec }));
    expect(refused).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": "Warning: MS306 spec.template.spec.runtimeClassName: runtimeClassName "gvisor" looks like a VM or gVisor, where mounts may not pass between containers. Use the default runtime for this pod, or test that the app sees its files.
      The Deployment "both" is invalid: spec.template.spec.nodeName: MS103: nodeName pins every pod to "node-7". Remove it and let the scheduler choose.
      ",
        "stdout": "",
      }
    `);
  });

  it('say nothing about a warning that is waived', async () => {
    const annotations = { 'media-stack/ignore': 'MS306' };
    const spec = { runtimeClassName: 'gvisor' };
    const deployment = renderDeployment({ namespace, name: 'waived', replicas: 0, annotations, spec });
    expect(await apply(deployment)).toEqual({
      exitCode: 0,
      stdout: 'deployment.apps/waived created\n',
      stderr: '',
    });
  });

  it('warn where the settings make a warning of a denial', async () => {
    await suite().webhook.changeSettings({ policy: { rules: { MS103: 'warn' } } });
    const spec = { nodeName: 'node-7' };
    const created = await apply(renderDeployment({ namespace, name: 'tolerated', replicas: 0, spec }));
    expect(created).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "stderr": "Warning: MS103 spec.template.spec.nodeName: nodeName pins every pod to "node-7". Remove it and let the scheduler choose.
      ",
        "stdout": "deployment.apps/tolerated created
      ",
      }
    `);
  });

  it('refuse the change of a template that breaks a rule, and the Deployment stays as it was', async () => {
    const deployment = renderDeployment({ namespace, name: 'changed', replicas: 0 });
    expect((await apply(deployment)).stderr).toBe('');
    const pinned = structuredClone(deployment);
    pinned['spec']['template']['spec']['nodeName'] = 'node-7';
    const refused = await apply(pinned);
    expect(refused).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": "The Deployment "changed" is invalid: spec.template.spec.nodeName: MS103: nodeName pins every pod to "node-7". Remove it and let the scheduler choose.
      ",
        "stdout": "",
      }
    `);
    const stored = await kubectl().json(['get', 'deployment', 'changed', '-n', namespace]);
    expect(stored['spec']['template']['spec']['nodeName']).toBeUndefined();
  });

  it('say nothing when a change leaves template and label alone, whatever the template is', async () => {
    const spec = { runtimeClassName: 'gvisor' };
    const deployment = renderDeployment({ namespace, name: 'scaled', replicas: 0, spec });
    expect((await apply(deployment)).stderr).toContain('MS306');
    deployment['spec']['minReadySeconds'] = 1;
    expect(await apply(deployment)).toEqual({
      exitCode: 0,
      stdout: 'deployment.apps/scaled configured\n',
      stderr: '',
    });
  });
});
